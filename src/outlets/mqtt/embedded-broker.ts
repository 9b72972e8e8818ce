import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { CarportError } from "#domain/error.ts";

export interface EmbeddedBroker {
  readonly host: string;
  readonly port: number;
  /** Ends all connections. Idempotent. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/**
 * A small MQTT 3.1.1 broker within the process, for the demo garage and for tests: without users and without TLS, so it
 * listens on this machine only. `port` 0 takes a free one. Throws MQTT_PORT_TAKEN.
 */
export async function startEmbeddedBroker(port = 0): Promise<EmbeddedBroker> {
  const { Aedes } = await import("aedes");
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  // Without it an acknowledgement after a message is held back for 40 ms.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  try {
    await listen(server, port);
  } catch (error) {
    aedes.close();
    throw new CarportError("MQTT_PORT_TAKEN", `${LOOPBACK}:${port}`, { cause: error });
  }
  const address = server.address();
  let closed: Promise<void> | undefined;
  const close = async () => {
    const done = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await done;
  };
  return {
    host: LOOPBACK,
    port: address !== null && typeof address === "object" ? address.port : port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, LOOPBACK);
  await once(server, "listening");
}
