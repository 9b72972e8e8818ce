import type { Clock } from "#domain/clock.ts";
import { type CarportError, type ErrorCode, isCarportError, toCarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { Backoff } from "#hub/backoff.ts";
import { brokerName, type Link, type LinkOptions, openLink, type Protocol } from "./link.ts";

/** A connection that held this long was a good one: the next wait is short again. */
const GOOD_AFTER_MS = 60_000;
/** Where a person has to change something: brokers ban those who knock with a wrong password again and again. */
const PERMANENT_WAIT_MS = 300_000;
/** So often a refusal is not believed of a broker that had accepted us: it may not have read its users yet. */
const DOUBTS = 5;

export interface ConnectionStatus {
  readonly state: "connecting" | "connected" | "waiting";
  readonly protocol?: "5" | "3.1.1";
  /** UTC ms. */
  readonly connectedSince?: number;
  /** Why it is not connected, or was not the last time. */
  readonly fault?: CarportError;
}

export interface ConnectionOptions {
  readonly link: Omit<LinkOptions, "protocol" | "signal">;
  readonly clock: Clock;
  readonly log: Log;
  /** [0, 1) */
  readonly random: () => number;
  /** Uses the link until it is closed, and may end it by throwing. */
  readonly serve: (link: Link, signal: AbortSignal) => Promise<void>;
}

/** Keeps a connection to the broker: MQTT 5 first, 3.1.1 where the broker wants that, and again and again. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #broker: string;
  /** What the broker has accepted once. */
  #spoken: Protocol | undefined;
  readonly #backoff: Backoff;
  #doubts = 0;
  #status: ConnectionStatus = { state: "connecting" };

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#broker = brokerName(options.link.settings);
    this.#backoff = new Backoff(options.random);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Returns when the signal fires and `serve` has returned. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      const before = this.#status.fault?.code;
      const fault = await this.#attempt(signal);
      if (signal.aborted) return;
      if (fault.code !== before) log.warn(fault.message, { nextStep: fault.nextStep });
      this.#status = { state: "waiting", fault };
      await clock.sleep(this.#wait(fault), signal);
    }
  }

  /** One connection from beginning to end. Returns why it ended, or why there was none. */
  async #attempt(signal: AbortSignal): Promise<CarportError> {
    this.#status = { ...this.#status, state: "connecting" };
    try {
      const link = await this.#open(signal);
      await this.#serve(link, signal);
      return await link.closed;
    } catch (error) {
      return toCarportError(error, this.#broker);
    }
  }

  async #serve(link: Link, signal: AbortSignal): Promise<void> {
    const { clock, log, serve } = this.#options;
    const since = clock.monotonic();
    const protocol = this.#spoken === 4 ? "3.1.1" : "5";
    log.info(`connected to the MQTT broker ${this.#broker}, MQTT ${protocol}`);
    this.#status = { state: "connected", protocol, connectedSince: clock.now() };
    this.#doubts = DOUBTS;
    try {
      await serve(link, signal);
    } finally {
      await link.close();
      if (clock.monotonic() - since >= GOOD_AFTER_MS) this.#backoff.reset();
    }
  }

  async #open(signal: AbortSignal): Promise<Link> {
    const first = this.#spoken ?? 5;
    try {
      return await this.#openBy(first, signal);
    } catch (error) {
      if (!isCarportError(error) || !this.#mayBeTheVersion(error.code)) throw error;
      return await this.#openBy(first === 5 ? 4 : 5, signal);
    }
  }

  async #openBy(protocol: Protocol, signal: AbortSignal): Promise<Link> {
    const link = await openLink({ ...this.#options.link, protocol, signal });
    this.#spoken = protocol;
    return link;
  }

  /** Some brokers say so, others hang up on a version they do not know. */
  #mayBeTheVersion(code: ErrorCode): boolean {
    return code === "MQTT_VERSION_REFUSED" || (code === "MQTT_NO_GREETING" && this.#spoken === undefined);
  }

  #wait(fault: CarportError): number {
    const doubted = fault.code === "MQTT_AUTH_REFUSED" && this.#doubts-- > 0;
    return fault.permanent && !doubted ? PERMANENT_WAIT_MS * (1 + this.#options.random() / 5) : this.#backoff.next();
  }
}
