import type { Clock } from "#domain/clock.ts";
import { systemClock } from "#hub/system-clock.ts";

/** Real time, run through `factor` times faster: for waits that real sockets take part in. */
export class HastyClock implements Clock {
  readonly #factor: number;
  readonly #start = Date.now();
  readonly #monotonicStart = systemClock.monotonic();

  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return this.#start + this.monotonic();
  }

  monotonic(): number {
    return (systemClock.monotonic() - this.#monotonicStart) * this.#factor;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms / this.#factor, signal);
  }
}
