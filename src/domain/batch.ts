import type { Signal } from "./signal.ts";

/**
 * Samples of one device on their way to the store and the outlets, in columns.
 * Row i: `signals[index[i]]` had `values[i]` (in its unit; 0/1; enum code) at `times[i]` (UTC, ms).
 * A value the source marks as not available has no row. Immutable once handed over.
 */
export interface Batch {
  readonly signals: readonly Signal[];
  readonly count: number;
  readonly index: Uint16Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Collects rows between two hand-overs. Bounded: `add` says no when full, the owner hands over and goes on. */
export class BatchBuilder {
  readonly #signals: readonly Signal[];
  /** `#signals` as of the last hand-over: a decoder appends to it as it learns what its source sends. */
  #handedOver: readonly Signal[] = [];
  readonly #capacity: number;
  #count = 0;
  #index: Uint16Array;
  #times: Float64Array;
  #values: Float64Array;

  /** `signals` may grow; what was handed over does not change by it. */
  constructor(signals: readonly Signal[], capacity = 65_536) {
    this.#signals = signals;
    this.#capacity = capacity;
    const first = Math.min(capacity, 256);
    this.#index = new Uint16Array(first);
    this.#times = new Float64Array(first);
    this.#values = new Float64Array(first);
  }

  get count(): number {
    return this.#count;
  }

  /** False when full: nothing was added. */
  add(index: number, time: number, value: number): boolean {
    const at = this.#count;
    if (at === this.#capacity) return false;
    if (at === this.#index.length) this.#grow();
    this.#index[at] = index;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#count = at + 1;
    return true;
  }

  /** Hands the rows over and starts anew; undefined when there are none. */
  take(): Batch | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    this.#count = 0;
    if (this.#handedOver.length !== this.#signals.length) this.#handedOver = this.#signals.slice();
    return {
      signals: this.#handedOver,
      count,
      index: this.#index.slice(0, count),
      times: this.#times.slice(0, count),
      values: this.#values.slice(0, count),
    };
  }

  #grow(): void {
    const size = Math.min(this.#capacity, this.#index.length * 4);
    const index = new Uint16Array(size);
    const times = new Float64Array(size);
    const values = new Float64Array(size);
    index.set(this.#index);
    times.set(this.#times);
    values.set(this.#values);
    this.#index = index;
    this.#times = times;
    this.#values = values;
  }
}
