import type { BleAdvert } from "#domain/ble.ts";

/** Senders remembered for a slow reader. A car park at an airport has fewer. */
const MOST_SENDERS = 1_024;

/**
 * Adverts between the radio and a reader that may be slow: of each sender only the newest waits, in the order in which
 * they first came. Bounded by the number of senders; a sender too many is dropped and counted.
 */
export class NewestAdverts {
  readonly #waiting = new Map<string, BleAdvert>();
  #wake: (() => void) | undefined;
  #fault: Error | undefined;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  push(advert: BleAdvert): void {
    if (this.#waiting.size >= MOST_SENDERS && !this.#waiting.has(advert.address)) {
      this.#dropped++;
      return;
    }
    this.#waiting.set(advert.address, advert);
    this.#wake?.();
  }

  /** There will be no more; the reader is told why once it has read what waits. */
  fail(fault: Error): void {
    this.#fault = fault;
    this.#wake?.();
  }

  /** For one reader. @throws what `fail` was given */
  async *until(signal: AbortSignal): AsyncGenerator<BleAdvert> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        const [next] = this.#waiting.values();
        if (next !== undefined) {
          this.#waiting.delete(next.address);
          yield next;
          continue;
        }
        if (this.#fault !== undefined) throw this.#fault;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
