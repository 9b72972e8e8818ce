import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export const supervisorToken = "supervisor-token-of-the-app";

interface Mqtt {
  host: string;
  port: number;
  ssl?: boolean | null;
  username?: string | null;
  password?: string | null;
}

/**
 * The Supervisor as an app sees it: checks the token, wraps its own answers in `result` and `data`, passes Core's through
 * as they are. What it knows can be changed at any time. For ingress see ingress-proxy.ts.
 */
export class Supervisor {
  /** Of the MQTT app; undefined: none is installed. */
  mqtt: Mqtt | undefined;
  timeZone = "Europe/Berlin";
  language = "de";
  components = ["mqtt", "bluetooth", "sensor"];
  /** Core restarts: the proxy has nobody to ask. */
  coreAway = false;
  /** Something in between answers instead. */
  garbled = false;
  /** `discovery:` of the app's manifest. */
  discoverable: readonly string[] = ["carport"];
  /** What the app has announced, by service. */
  readonly discovered = new Map<string, unknown>();
  /** `GET /services/mqtt`, in their order. */
  readonly asked: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async open(): Promise<Supervisor> {
    const supervisor = new Supervisor();
    supervisor.#server.listen(0, "127.0.0.1");
    await once(supervisor.#server, "listening");
    return supervisor;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error(`not a TCP address: ${address}`);
    return `http://127.0.0.1:${address.port}`;
  }

  /** How often a request was made: `GET /services/mqtt`. */
  count(request: string): number {
    return this.asked.filter((asked) => asked === request).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    this.asked.push(asked);
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const ok = (data: unknown) => send(200, { result: "ok", data });
    const refuse = (status: number, message: string) => send(status, { result: "error", message });
    if (this.garbled) return void response.writeHead(200).end("<html>");
    if (request.headers.authorization !== `Bearer ${supervisorToken}`) return void send(401, "401: Unauthorized");
    if (request.url?.startsWith("/core/") && this.coreAway) return void send(502, "502: Bad Gateway");
    switch (asked) {
      case "GET /services/mqtt":
        if (!this.mqtt) return void refuse(400, "Service not enabled");
        return void ok({ addon: "core_mosquitto", protocol: "3.1.1", ...this.mqtt });
      case "GET /info":
        return void ok({
          supervisor: "2026.08.0",
          arch: "aarch64",
          machine: "raspberrypi4-64",
          timezone: this.timeZone,
        });
      case "GET /addons/self/info":
        return void ok({ slug: "local_carport", state: "started", ip_address: "172.30.33.7", ingress: true });
      case "GET /core/info":
        return void ok({ version: "2026.10.1", port: 8123, ssl: false });
      case "GET /core/api/config":
        return void send(200, { state: "RUNNING", language: this.language, time_zone: this.timeZone });
      case "GET /core/api/components":
        return void send(200, this.components);
      case "POST /discovery": {
        const { service, config } = JSON.parse(await text(request));
        if (!this.discoverable.includes(service)) return void refuse(403, `Can't use discovery for service ${service}`);
        this.discovered.set(service, config);
        return void ok({ uuid: "0d9c2f5e" });
      }
      default:
        return void send(404, "404: Not Found");
    }
  }
}
