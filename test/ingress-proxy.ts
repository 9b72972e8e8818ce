import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

export const ingressPath = "/api/hassio_ingress/kR5t-x_token";

/**
 * What stands between a browser and the app in Home Assistant: takes the prefix off, says so in X-Ingress-Path, keeps
 * the browser's host in X-Forwarded-Host only (as some proxies do), drops the charset, and passes WebSockets through. At `/` it serves
 * `outerPage`, as Home Assistant shows the panel in a frame.
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
      port: upstreamPort,
      method,
      path: url.slice(ingressPath.length),
      headers: {
        ...headers,
        host: `172.30.33.7:${upstreamPort}`,
        "x-forwarded-host": headers.host,
        "x-ingress-path": ingressPath,
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
