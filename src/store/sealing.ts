import { setImmediate } from "node:timers/promises";
import type { Clock } from "#domain/clock.ts";
import { BundleEncoder } from "./codec/bundle.ts";
import type { HotRow } from "./hot-row.ts";
import type { HotRows } from "./hot-rows.ts";
import { sealRows } from "./seal.ts";
import type { StoreFile } from "./store-file.ts";

// A million samples make chunks that pack well, and fit into 16 MB while they are joined.
const MOST_SAMPLES = 1_000_000;

export interface SealingOptions {
  readonly rows: HotRows;
  readonly file: StoreFile;
  readonly clock: Clock;
  /** Longest time a row stays hot. */
  readonly sealMs: number;
  readonly damaged: (row: HotRow, error: unknown) => void;
}

/** Decides when hot rows become chunks, and does it in small steps, so that nothing else waits for long. */
export class Sealing {
  readonly #options: SealingOptions;
  readonly #encoder = new BundleEncoder();
  #steps: Generator<void, boolean> | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: SealingOptions) {
    this.#options = options;
  }

  /** Begins when the oldest row is old enough or there are a million samples, unless it is under way. */
  sealIfDue(): void {
    if (this.#steps !== undefined || !this.#isDue()) return;
    this.#steps = this.#seal();
    void this.#run(this.#steps);
  }

  /** All at once, at the end. */
  sealAll(): void {
    this.#steps?.return(false);
    while (this.#options.rows.oldest(1).length > 0) {
      const steps = this.#seal();
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      if (!step.value) return;
    }
  }

  #isDue(): boolean {
    const { rows, clock, sealMs } = this.#options;
    const now = clock.monotonic();
    const [oldest] = rows.oldest(1);
    if (oldest === undefined || now < this.#notBefore) return false;
    return now - oldest.since >= sealMs || rows.storedSamples >= MOST_SAMPLES;
  }

  async #run(steps: Generator<void, boolean>): Promise<void> {
    try {
      while (steps.next().done !== true) await setImmediate();
    } catch (error) {
      this.#options.file.failed(error);
    }
    this.#steps = undefined;
  }

  /** Whether the oldest rows are sealed. Yields where others may run. */
  *#seal(): Generator<void, boolean> {
    const { rows, file, clock, sealMs, damaged } = this.#options;
    // Not again at once, should it fail.
    this.#notBefore = clock.monotonic() + sealMs;
    const oldest = rows.oldest(MOST_SAMPLES);
    const unreadable = new Set<HotRow>();
    const chunks = yield* sealRows(oldest, this.#encoder, (row, error) => {
      unreadable.add(row);
      damaged(row, error);
    });
    const sealable = oldest.filter((row) => !unreadable.has(row));
    let sealed = false;
    file.attempt((storage) => {
      // Set aside in the meantime: they are to be written anew first.
      if (sealable.some(({ id }) => id === 0)) return;
      storage.seal(sealable, chunks);
      sealed = true;
    });
    if (!sealed) return false;
    rows.remove(oldest);
    this.#notBefore = clock.monotonic();
    return true;
  }
}
