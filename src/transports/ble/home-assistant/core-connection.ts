import {
  type Connection,
  createConnection,
  createLongLivedTokenAuth,
  ERR_INVALID_AUTH,
  type MessageBase,
} from "home-assistant-js-websocket";
import { z } from "zod";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { within } from "../time-limit.ts";

/** How to reach a Home Assistant Core. */
export interface HomeAssistantAccess {
  /** `http://supervisor/core` in an app. */
  readonly url: string;
  /** SUPERVISOR_TOKEN of the container, or an administrator's long-lived token. */
  readonly token: string;
}

const ANSWER_MS = 40_000;
const refusal = z.object({ code: z.union([z.string(), z.number()]), message: z.string() });

/** Core answered a command with an error. */
export class CoreError extends Error {
  override readonly name = "CoreError";
  /** `unknown_command`, `unauthorized`, or one of the command's own. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** One connection to Core's WebSocket, until it is lost: a lost one is not mended, since Core has forgotten all of it. */
export class CoreConnection {
  /** Fires with HOME_ASSISTANT_AWAY. */
  readonly lost: AbortSignal;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #lost = new AbortController();
  readonly #url: string;

  private constructor(connection: Connection, url: string, clock: Clock) {
    this.#connection = connection;
    this.#url = url;
    this.#clock = clock;
    this.lost = this.#lost.signal;
    connection.addEventListener("disconnected", () => this.close());
  }

  /** @throws CarportError HOME_ASSISTANT_AWAY, HOME_ASSISTANT_TOKEN_REFUSED */
  static async open({ url, token }: HomeAssistantAccess, clock: Clock): Promise<CoreConnection> {
    const auth = createLongLivedTokenAuth(url.replace(/\/$/, ""), token);
    try {
      return new CoreConnection(await createConnection({ auth, setupRetry: 0 }), url, clock);
    } catch (cause) {
      const refused = cause === ERR_INVALID_AUTH;
      throw new CarportError(refused ? "HOME_ASSISTANT_TOKEN_REFUSED" : "HOME_ASSISTANT_AWAY", url, {
        cause: new Error(`home-assistant-js-websocket: error ${String(cause)}`),
      });
    }
  }

  /** @throws CoreError with Core's answer; CarportError HOME_ASSISTANT_AWAY when none comes */
  command(message: MessageBase): Promise<unknown> {
    return this.#answer(this.#connection.sendMessagePromise<unknown>(message));
  }

  /** Resolves with how to end it once Core has taken it. Throws as `command` does. */
  async subscribe(message: MessageBase, onEvent: (event: unknown) => void): Promise<() => void> {
    // The library would subscribe again by itself, and end the process when a Core that is starting refuses.
    const options = { resubscribe: false };
    const end = await this.#answer(this.#connection.subscribeMessage<unknown>(onEvent, message, options));
    return () => void end().catch(() => undefined);
  }

  close(): void {
    this.#connection.close();
    this.#lost.abort(new CarportError("HOME_ASSISTANT_AWAY", this.#url));
  }

  async #answer<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const limit = { ms: ANSWER_MS, code: "HOME_ASSISTANT_AWAY" as const, subject: this.#url };
    try {
      return await within(this.#clock, limit, answer, this.lost);
    } catch (error) {
      const { data } = refusal.safeParse(error);
      if (data !== undefined && typeof data.code === "string" && !(error instanceof Error))
        throw new CoreError(data.code, data.message);
      if (error instanceof CarportError) throw error;
      throw new CarportError("HOME_ASSISTANT_AWAY", this.#url, { cause: error });
    }
  }
}
