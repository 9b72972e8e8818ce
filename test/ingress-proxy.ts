import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

export const ingressPath = "/api/hassio_ingress/kR5t-x_token";

/** Stands for the Supervisor's 172.30.32.2: all of 127.0.0.0/8 is this machine. */
export const ingressAddress = "127.0.0.2";

/** Whom Home Assistant has logged in, as the Supervisor names them. */
const user = { "x-remote-user-id": "0a1b2c", "x-remote-user-name": "anna", "x-remote-user-display-name": "Anna Å." };

/**
 * What stands between a browser and the app in Home Assistant: takes the prefix off, says so in X-Ingress-Path, names
 * the user, keeps the browser's host in X-Forwarded-Host only (as some proxies do), drops the charset, and passes
 * WebSockets through. At `/` it serves `outerPage`, as Home Assistant shows the panel in a frame.
 */
export async function startIngressProxy(upstreamPort: number, outerPage: string) {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === "/") outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(outerPage);
    else if (incoming.url?.startsWith(`${ingressPath}/`)) forward(incoming, outgoing);
    else outgoing.writeHead(404).end();
  });
  const ask = ({ method, url = "", headers }: IncomingMessage) =>
    request({
      host: "127.0.0.1",
      localAddress: ingressAddress,
      port: upstreamPort,
      method,
      path: url.slice(ingressPath.length),
      headers: {
        ...headers,
        host: `172.30.33.7:${upstreamPort}`,
        "x-forwarded-host": headers.host,
        "x-forwarded-for": "192.168.1.7, 172.30.32.1",
        "x-ingress-path": ingressPath,
        ...latin1(user),
      },
    });
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const upstream = ask(incoming).on("error", () => outgoing.writeHead(502).end());
    upstream.on("response", (answer) => {
      const type = answer.headers["content-type"]?.split(";", 1)[0];
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...(type && { "content-type": type }) });
      answer.pipe(outgoing);
    });
    incoming.pipe(upstream);
  };
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex) => {
    upgraded.add(socket);
    const upstream = ask(incoming).on("error", () => socket.destroy());
    upstream.on("response", () => socket.destroy());
    upstream.on("upgrade", (answer, behind, first) => {
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join("")}\r\n`);
      socket.write(first);
      behind.pipe(socket).pipe(behind);
      for (const [end, other] of [[socket, behind] as const, [behind, socket] as const]) {
        end.on("error", () => other.destroy()).on("close", () => other.destroy());
      }
    });
    upstream.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`not a TCP address: ${address}`);
  const url = `http://127.0.0.1:${address.port}`;
  return {
    /** Home Assistant's own page. */
    url,
    /** The app's page, as its frame loads it. */
    panel: `${url}${ingressPath}/`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await once(server, "close");
    },
  };
}

/** aiohttp writes headers as UTF-8, Node as Latin-1. */
const latin1 = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]));
