import { once } from "node:events";
import { z } from "zod";
import { until } from "../setup/until.ts";

const USER = { username: "owner", password: "house-of-tests" };
const ANSWER_MS = 10_000;

const state = z.object({ entity_id: z.string(), state: z.string(), attributes: z.record(z.string(), z.unknown()) });
export type State = z.infer<typeof state>;

const device = z.object({
  id: z.string(),
  identifiers: z.array(z.array(z.string())),
  name: z.string().nullable(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  via_device_id: z.string().nullable(),
});
export type RegisteredDevice = z.infer<typeof device>;

const entity = z.object({
  entity_id: z.string(),
  unique_id: z.string(),
  platform: z.string(),
  device_id: z.string().nullable(),
  disabled_by: z.string().nullable(),
  entity_category: z.string().nullable(),
  original_name: z.string().nullable(),
});
export type RegisteredEntity = z.infer<typeof entity>;

const logEntry = z.object({ name: z.string(), level: z.string(), message: z.array(z.string()), exception: z.string() });
export type LogEntry = z.infer<typeof logEntry>;

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
  token_type: z.string(),
});
const onboarding = z.array(z.object({ step: z.string(), done: z.boolean() }));
const flowStep = z.object({
  type: z.string(),
  flow_id: z.string(),
  result: z.unknown().optional(),
  errors: z.unknown().optional(),
});
const answer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("auth_required") }),
  z.object({ type: z.literal("auth_ok") }),
  z.object({ type: z.literal("auth_invalid"), message: z.string() }),
  z.object({
    type: z.literal("result"),
    id: z.number(),
    success: z.boolean(),
    result: z.unknown().optional(),
    error: z.unknown().optional(),
  }),
]);

/** The owner of a Home Assistant under test: REST and WebSocket as its frontend uses them. */
export class HomeAssistantClient {
  readonly url: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #tokens: z.infer<typeof tokens> | undefined;
  #socket: WebSocket | undefined;
  #nextId = 1;

  constructor(url: string) {
    this.url = url;
  }

  /** Creates the owner the first time, signs in, and resolves when everything is up and the WebSocket stands. */
  async signIn(): Promise<void> {
    this.#tokens = undefined;
    const form = { grant_type: "authorization_code", code: await this.#authorizationCode(), client_id: `${this.url}/` };
    this.#tokens = tokens.parse(await this.rest("POST", "/auth/token", new URLSearchParams(form)));
    await until("Home Assistant running", 60, async () => {
      const { state } = z.object({ state: z.string() }).parse(await this.rest("GET", "/api/config"));
      return state === "RUNNING";
    });
    await this.#connect();
  }

  /** What the frontend keeps in localStorage under `hassTokens`. */
  frontendTokens(): string {
    if (this.#tokens === undefined) throw new Error("not signed in");
    const expires = Date.now() + this.#tokens.expires_in * 1000;
    return JSON.stringify({ ...this.#tokens, hassUrl: this.url, clientId: `${this.url}/`, expires });
  }

  async rest(method: string, path: string, body?: unknown): Promise<unknown> {
    const form = body instanceof URLSearchParams;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.#tokens !== undefined && { authorization: `Bearer ${this.#tokens.access_token}` }),
        ...(!form && body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** One WebSocket command, by its type. */
  async command(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#socket === undefined) throw new Error("not connected");
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    const limit = setTimeout(() => waiting.reject(new Error(`no answer to ${type}`)), ANSWER_MS);
    this.#socket.send(JSON.stringify({ id, type, ...fields }));
    return waiting.promise.finally(() => {
      clearTimeout(limit);
      this.#waiting.delete(id);
    });
  }

  /** Adds an integration as the owner would: one form per step. */
  async configure(integration: string, ...forms: readonly unknown[]): Promise<void> {
    const flows = "/api/config/config_entries/flow";
    let step = flowStep.parse(await this.rest("POST", flows, { handler: integration, show_advanced_options: false }));
    for (const form of forms) step = flowStep.parse(await this.rest("POST", `${flows}/${step.flow_id}`, form));
    if (step.type !== "create_entry") throw new Error(`adding ${integration} ended at ${JSON.stringify(step)}`);
  }

  async configureMqtt(broker: { port: number; username: string; password: string }): Promise<void> {
    const other = { set_client_cert: false, set_ca_cert: "off", transport: "tcp" };
    await this.configure("mqtt", { broker: "127.0.0.1", protocol: "5", ...broker, other_settings: other });
  }

  async states(): Promise<readonly State[]> {
    return z.array(state).parse(await this.rest("GET", "/api/states"));
  }

  async devices(): Promise<readonly RegisteredDevice[]> {
    return z.array(device).parse(await this.command("config/device_registry/list"));
  }

  async entities(): Promise<readonly RegisteredEntity[]> {
    return z.array(entity).parse(await this.command("config/entity_registry/list"));
  }

  /** Warnings and errors since its start, as the owner sees them under Settings, System, Logs. */
  async systemLog(): Promise<readonly LogEntry[]> {
    return z.array(logEntry).parse(await this.command("system_log/list"));
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #authorizationCode(): Promise<string> {
    const client_id = `${this.url}/`;
    // The endpoint is gone once the onboarding is over.
    const steps = onboarding.parse(await this.rest("GET", "/api/onboarding").catch(() => []));
    if (steps.some(({ step, done }) => step === "user" && !done)) {
      const owner = { ...USER, name: "Owner", language: "en", client_id };
      const made = await this.rest("POST", "/api/onboarding/users", owner);
      return z.object({ auth_code: z.string() }).parse(made).auth_code;
    }
    const login = { client_id, handler: ["homeassistant", null], redirect_uri: client_id };
    const { flow_id } = flowStep.parse(await this.rest("POST", "/auth/login_flow", login));
    const step = await this.rest("POST", `/auth/login_flow/${flow_id}`, { client_id, ...USER });
    return z.object({ type: z.literal("create_entry"), result: z.string() }).parse(step).result;
  }

  async #connect(): Promise<void> {
    this.close();
    const socket = new WebSocket(`${this.url.replace(/^http/, "ws")}/api/websocket`);
    const authorized = Promise.withResolvers<void>();
    socket.addEventListener("message", ({ data }) => {
      const message = answer.parse(JSON.parse(String(data)));
      switch (message.type) {
        case "auth_required":
          socket.send(JSON.stringify({ type: "auth", access_token: this.#tokens?.access_token }));
          break;
        case "auth_ok":
          authorized.resolve();
          break;
        case "auth_invalid":
          authorized.reject(new Error(message.message));
          break;
        case "result":
          if (message.success) this.#waiting.get(message.id)?.resolve(message.result);
          else this.#waiting.get(message.id)?.reject(new Error(JSON.stringify(message.error)));
          break;
        default:
          message satisfies never;
      }
    });
    await once(socket, "open", { signal: AbortSignal.timeout(ANSWER_MS) });
    await authorized.promise;
    this.#socket = socket;
  }
}
