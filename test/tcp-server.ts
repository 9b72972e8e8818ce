import { once } from "node:events";
import { createServer, connect as dial, type Server, type Socket } from "node:net";

const LOOPBACK = "127.0.0.1";

/** Joins a connection to one to another server. */
export function passOn(socket: Socket, { host, port }: { readonly host: string; readonly port: number }): void {
  const far = dial(port, host);
  far.on("error", () => undefined);
  far.once("close", () => socket.destroy());
  socket.once("close", () => far.destroy());
  socket.pipe(far).pipe(socket);
}

/** A loopback server for tests, on a free port. */
export class TcpServer {
  readonly host = LOOPBACK;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections since the start. */
  accepted = 0;

  private constructor(serve: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.accepted++;
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.#sockets.delete(socket));
      serve(socket);
    });
  }

  static async open(serve: (socket: Socket) => void): Promise<TcpServer> {
    const server = new TcpServer(serve);
    server.#server.listen(0, LOOPBACK);
    await once(server.#server, "listening");
    return server;
  }

  /** A wire to another server, which the test can cut. */
  static proxy(target: { readonly host: string; readonly port: number }): Promise<TcpServer> {
    return TcpServer.open((socket) => passOn(socket, target));
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  /** Ends all connections; new ones are welcome. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }
}
