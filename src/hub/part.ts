import { isDeepStrictEqual } from "node:util";
import type { Clock } from "#domain/clock.ts";
import type { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { aborted } from "./aborted.ts";
import { retry } from "./retry.ts";

interface Stoppable {
  stop(): Promise<void>;
}

export interface PartOptions<Settings, Opened extends Stoppable> {
  /** For the log: "the page". */
  readonly name: string;
  readonly open: (settings: Settings, signal: AbortSignal) => Promise<Opened>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
}

/**
 * A part of Carport that needs a piece of the settings: opened until it succeeds, and opened anew when they change. When it
 * fails it says so and nothing else stops.
 */
export class Part<Settings, Opened extends Stoppable> {
  readonly #options: PartOptions<Settings, Opened>;
  #settings: Settings | undefined;
  #closing = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #fault: CarportError | undefined;

  constructor(options: PartOptions<Settings, Opened>) {
    this.#options = options;
  }

  /** Why it is not open now. */
  get fault(): CarportError | undefined {
    return this.#fault;
  }

  /** Opens it, or opens it anew where the settings are other ones. */
  apply(settings: Settings): void {
    if (isDeepStrictEqual(settings, this.#settings)) return;
    this.#settings = settings;
    this.#closing.abort();
    const closing = new AbortController();
    this.#closing = closing;
    this.#last = this.#last.then(() => this.#run(settings, closing.signal));
  }

  /** Closes it for good. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  async #run(settings: Settings, signal: AbortSignal): Promise<void> {
    const { name, open, clock, log, random } = this.#options;
    const opened = await retry(() => open(settings, signal), {
      subject: name,
      clock,
      signal,
      ...(random && { random }),
      failed: (fault) => {
        const text = `${fault.message} ${fault.nextStep}`;
        if (fault.code === this.#fault?.code) log.debug(text);
        else log.error(text, { error: fault.cause });
        this.#fault = fault;
      },
    });
    this.#fault = undefined;
    if (!opened) return;
    await aborted(signal);
    await opened.stop().catch((error: unknown) => log.error(`${name} did not close in order`, { error }));
  }
}
