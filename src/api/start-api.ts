import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer, type WebSocketServerLike } from "@hono/node-server";
import { WebSocketServer } from "ws";
import { CarportError, toCarportError } from "#domain/error.ts";
import type { SystemSettings } from "#hub/settings/system-settings.ts";
import { addApiDocs } from "./api-docs.ts";
import { type ApiContext, createApp } from "./app.ts";
import { LiveStream } from "./live/live-stream.ts";
import { readPageFiles } from "./page-files.ts";

type HttpSettings = Omit<SystemSettings["http"], "token"> & { readonly token?: string };

export interface ApiOptions extends ApiContext {
  /** Only `http` is read. Port 0: any free one. Without a token: this machine and ingress only. */
  readonly settings: { readonly http: HttpSettings };
  /** Where ingress comes from; undefined outside Home Assistant. */
  readonly ingressAddress?: string | undefined;
  /** Folder of the built page. */
  readonly webRoot: string;
  /** Stops the API when it fires. */
  readonly signal: AbortSignal;
}

export interface Api {
  readonly port: number;
  /** Refuses new connections and ends all others within a second. Idempotent. */
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 256;
const GOODBYE_MS = 500;

/** Opens the API and the page. Throws HTTP_PORT_BUSY or HTTP_ADDRESS_REFUSED. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { garage, clock, log, settings, webRoot } = options;
  const ended = new AbortController();
  const countFound = () => options.owner?.garage.found().filter(({ ignored }) => !ignored).length ?? 0;
  const stream = new LiveStream(garage, clock, log, ended.signal, countFound);
  const page = await readPageFiles(webRoot);
  const { token = "" } = settings.http;
  const app = createApp(options, stream, page, { token, ingressAddress: options.ingressAddress });
  addApiDocs(app, webRoot);
  // Pages send nothing, so the smallest message is already wrong.
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  const server = createAdaptorServer({
    fetch: app.fetch,
    // The two packages type an absent `noServer` differently under exactOptionalPropertyTypes.
    websocket: { server: webSockets as WebSocketServerLike },
    serverOptions: { requestTimeout: 30_000, headersTimeout: 10_000 },
  }) as Server; // plain HTTP, since no createServer is passed
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listen(server, settings.http);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      ended.abort();
      for (const socket of webSockets.clients) socket.close(1001, "Carport stops");
      const closed = once(server, "close");
      server.close();
      await Promise.race([closed, clock.sleep(GOODBYE_MS)]);
      for (const socket of webSockets.clients) socket.terminate();
      server.closeAllConnections();
      await closed;
    })();
    return stopping;
  };
  options.signal.addEventListener("abort", () => void stop(), { once: true });
  if (options.signal.aborted) await stop();
  return { port, stop };
}

async function listen(server: Server, { host, port }: HttpSettings): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError(error, `http.port ${port} on ${host}`);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function listenError(error: unknown, subject: string): CarportError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new CarportError("HTTP_PORT_BUSY", subject, { cause: error });
    case "EACCES":
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new CarportError("HTTP_ADDRESS_REFUSED", subject, { cause: error });
    default:
      return toCarportError(error, subject);
  }
}
