import type { DeviceKind, DeviceServices, Discovery } from "#devices/device-kind.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, toCarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import type { SystemSettings } from "./settings/system-settings.ts";

/** ms in which a kind ends its search when it is told to; then nobody waits for it any more. */
const GRACE_MS = 2_000;
/** Adverts come in crowds; a person looks through fewer than that. */
const MOST_PER_SEARCH = 200;
const LONGEST_SLEEP_MS = 86_400_000;

export interface SearchOptions {
  readonly kinds: Iterable<DeviceKind>;
  readonly services: DeviceServices;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before each search and pause, since they may change. */
  readonly settings: () => SystemSettings["discovery"];
  /** Takes what one search of one kind found; each thing once. */
  readonly keep: (kind: string, discoveries: readonly Discovery[]) => Promise<void>;
}

export interface SearchStatus {
  readonly searching: boolean;
  /** UTC ms of the end of the last search. */
  readonly lastAt: number | undefined;
  /** Why a kind could not look around in the last search. */
  readonly faults: readonly CarportError[];
}

/** Looks for devices near by: at the start, from time to time and when asked; all kinds at once, no two searches. */
export class Search {
  readonly #options: SearchOptions;
  readonly #kinds: readonly DeviceKind[];
  #current: Promise<void> | undefined;
  #lastAt: number | undefined;
  #faults: readonly CarportError[] = [];
  #changed = new AbortController();

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#kinds = [...options.kinds].filter(({ discover }) => discover);
  }

  get status(): SearchStatus {
    return { searching: this.#current !== undefined, lastAt: this.#lastAt, faults: this.#faults };
  }

  /** Searches at the start and from time to time until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    if (this.#kinds.length === 0) return;
    if (settings().atStart) await this.now(signal);
    let since = clock.monotonic();
    while (!signal.aborted) {
      const { everyHours } = settings();
      const pause = everyHours === 0 ? LONGEST_SLEEP_MS : since + everyHours * 3_600_000 - clock.monotonic();
      if (pause > 0) {
        this.#changed = new AbortController();
        await clock.sleep(Math.min(pause, LONGEST_SLEEP_MS), AbortSignal.any([signal, this.#changed.signal]));
      } else {
        await this.now(signal);
        since = clock.monotonic();
      }
    }
  }

  /** The settings have changed. */
  reconsider(): void {
    this.#changed.abort();
  }

  /** Searches now, or joins the search that is under way. Never rejects. */
  now(signal: AbortSignal): Promise<void> {
    this.#current ??= this.#search(signal).finally(() => {
      this.#current = undefined;
      this.#lastAt = this.#options.clock.now();
    });
    return this.#current;
  }

  async #search(signal: AbortSignal): Promise<void> {
    const searching = this.#kinds.map((kind) => this.#searchKind(kind, signal));
    const before = new Set(this.#faults.map(({ code }) => code));
    this.#faults = (await Promise.all(searching)).filter((fault) => fault !== undefined);
    for (const { code, message, nextStep } of this.#faults) {
      // Most households have no adapter for some kind: that is no warning, and no news the second time.
      if (!before.has(code)) this.#options.log.info(`${message} ${nextStep}`);
    }
  }

  async #searchKind(kind: DeviceKind, signal: AbortSignal): Promise<CarportError | undefined> {
    const { clock, log, services, settings, keep } = this.#options;
    const ending = new AbortController();
    const over = new AbortController();
    const context = { signal: AbortSignal.any([signal, ending.signal]), clock, log: log.child(kind.kind), services };
    const found = new Map<string, Discovery>();
    const look = async () => {
      for await (const discovery of kind.discover?.(context) ?? []) {
        if (over.signal.aborted || context.signal.aborted) return;
        if (found.size < MOST_PER_SEARCH || found.has(discovery.id)) found.set(discovery.id, discovery);
      }
    };
    const limit = clock
      .sleep(settings().seconds * 1_000, AbortSignal.any([signal, over.signal]))
      .then(() => {
        ending.abort();
        return clock.sleep(GRACE_MS, over.signal);
      })
      .then(() => {
        if (!over.signal.aborted) throw new CarportError("DISCOVERY_FAILED", kind.title);
      });
    let fault: CarportError | undefined;
    try {
      await Promise.race([look(), limit]);
    } catch (error) {
      fault = toCarportError(error, kind.title);
    } finally {
      over.abort();
      ending.abort();
    }
    try {
      await keep(kind.kind, [...found.values()]);
    } catch (error) {
      fault = toCarportError(error, kind.title);
    }
    return fault;
  }
}
