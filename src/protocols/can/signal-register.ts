import type { Signal } from "#domain/signal.ts";

/** Where decoded values go; a `BatchBuilder` is one. */
export interface SampleSink {
  /** `index`: into the decoder's `signals`. */
  add(index: number, time: number, value: number): unknown;
}

/** Keeps what is known of each signal: whether the car sends it, its newest value, how often it had none. */
export class SignalRegister {
  readonly #slots = new Map<string, number>();
  readonly #declared: Signal[] = [];
  readonly #signals: Signal[] = [];
  readonly #index: number[] = [];
  readonly #latest: number[] = [];
  readonly #latestTime: number[] = [];
  readonly #unavailable: number[] = [];

  /** Signals that had a value so far, in the order of their first. Only grows; an index stays. */
  get signals(): readonly Signal[] {
    return this.#signals;
  }

  /** The slot of a signal; the first declaration of a key stands. */
  declare(signal: Signal): number {
    const known = this.#slots.get(signal.key);
    if (known !== undefined) return known;
    const slot = this.#declared.push(signal) - 1;
    this.#slots.set(signal.key, slot);
    this.#index.push(-1);
    this.#latest.push(Number.NaN);
    this.#latestTime.push(Number.NaN);
    this.#unavailable.push(0);
    return slot;
  }

  /** Throws a RangeError when no signal of that key was declared. */
  slotOf(key: string): number {
    const slot = this.#slots.get(key);
    if (slot === undefined) throw new RangeError(`no signal is called ${key}`);
    return slot;
  }

  /** `value` NaN: the car says that it has none. */
  put(slot: number, time: number, value: number, sink: SampleSink): void {
    this.#latest[slot] = value;
    this.#latestTime[slot] = time;
    if (Number.isNaN(value)) {
      this.#unavailable[slot] = (this.#unavailable[slot] ?? 0) + 1;
      return;
    }
    const index = this.#index[slot] ?? -1;
    sink.add(index < 0 ? this.#appear(slot) : index, time, value);
  }

  #appear(slot: number): number {
    const signal = this.#declared[slot];
    if (signal === undefined) throw new RangeError(`no signal has slot ${slot}`);
    const index = this.#signals.push(signal) - 1;
    this.#index[slot] = index;
    return index;
  }

  latest(key: string): number {
    const slot = this.#slots.get(key);
    return slot === undefined ? Number.NaN : (this.#latest[slot] ?? Number.NaN);
  }

  /** Time of the frame that `latest` came from; NaN before the first. */
  latestTime(key: string): number {
    const slot = this.#slots.get(key);
    return slot === undefined ? Number.NaN : (this.#latestTime[slot] ?? Number.NaN);
  }

  /** Times the car said that it had no value for a signal. */
  unavailable(key: string): number {
    const slot = this.#slots.get(key);
    return slot === undefined ? 0 : (this.#unavailable[slot] ?? 0);
  }
}
