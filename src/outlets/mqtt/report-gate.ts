import type { Batch } from "#domain/batch.ts";
import type { SignalKey } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";

/** `time` is the sample's, UTC ms. */
export type Report = (signal: Signal, value: number, time: number) => void;

/**
 * What of a device's samples is worth a message, by each signal's ReportRule: the first value at once; then a change of
 * at least the dead-band, and every arrival at exactly zero, which is what a person looks for; not more often than the
 * interval, at whose end the last value in it counts. `flush` gives what the dead-band held back, so that what rests is exact.
 *
 * Hot: each sample of every device passes `take`. Columns by slot, no object and no map per sample.
 */
export class ReportGate {
  readonly #report: Report;
  readonly #slotOf = new Map<SignalKey, number>();
  readonly #definitions: Signal[] = [];
  /** Slots of `#cachedSignals`, by their index in a batch. */
  #slots = new Uint16Array(0);
  #cachedSignals: readonly Signal[] | undefined;

  #threshold = new Float64Array(0);
  #interval = new Float64Array(0);
  #current = new Float64Array(0);
  #time = new Float64Array(0);
  #shown = new Float64Array(0);
  #shownAt = new Float64Array(0);
  #waits = new Uint8Array(0);
  #waiting: number[] = [];
  #invalid = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Samples that were no numbers. */
  get invalid(): number {
    return this.#invalid;
  }

  /** `now` in ms that only grow. Returns when the next report that has to wait is due; Infinity when none is. */
  take(batch: Batch, now: number): number {
    const { index, times, values, count, signals } = batch;
    if (signals !== this.#cachedSignals || signals.length !== this.#slots.length) this.#learn(signals);
    const slots = this.#slots;
    const current = this.#current;
    const time = this.#time;
    const shown = this.#shown;
    const threshold = this.#threshold;
    const waits = this.#waits;
    // The fallbacks below never happen: they tell the compiler that indices are in range.
    for (let row = 0; row < count; row++) {
      const slot = slots[index[row] ?? 0] ?? 0;
      const value = values[row] ?? Number.NaN;
      if (!Number.isFinite(value)) {
        this.#invalid++;
        continue;
      }
      current[slot] = value;
      time[slot] = times[row] ?? 0;
      const last = shown[slot] ?? 0;
      if (Math.abs(value - last) < (threshold[slot] ?? 0) && (value !== 0 || last === 0)) continue;
      if (waits[slot] === 0) {
        waits[slot] = 1;
        this.#waiting.push(slot);
      }
    }
    return this.due(now);
  }

  /** Reports what has waited long enough. Returns when the next one is due; Infinity when none waits. */
  due(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    let kept = 0;
    for (const slot of this.#waiting) {
      const at = (this.#shownAt[slot] ?? 0) + (this.#interval[slot] ?? 0);
      const back = !this.#worthIt(slot);
      if (back || at <= now) {
        this.#waits[slot] = 0;
        if (!back) this.#show(slot, now);
      } else {
        this.#waiting[kept++] = slot;
        if (at < next) next = at;
      }
    }
    this.#waiting.length = kept;
    return next;
  }

  /** Reports every value that is not shown exactly, whatever its rule. */
  flush(now: number): void {
    for (const slot of this.#definitions.keys()) {
      if (this.#current[slot] !== this.#shown[slot]) this.#show(slot, now);
    }
    for (const slot of this.#waiting) this.#waits[slot] = 0;
    this.#waiting = [];
  }

  /** Takes a value that was there before, and reports it. An older one than is known is ignored. */
  restore(signal: Signal, value: number, time: number, now: number): void {
    const slot = this.#slot(signal);
    if (!Number.isFinite(value) || time <= (this.#time[slot] ?? 0)) return;
    this.#current[slot] = value;
    this.#time[slot] = time;
    this.#show(slot, now);
  }

  /** Forgets the values of the signals that `which` names, as if they had never been. */
  forget(which: (signal: Signal) => boolean): readonly Signal[] {
    const forgotten = this.#definitions.filter((signal) => which(signal));
    for (const signal of forgotten) this.#clear(this.#slot(signal));
    this.#waiting = this.#waiting.filter((slot) => this.#waits[slot] === 1);
    return forgotten;
  }

  #worthIt(slot: number): boolean {
    const value = this.#current[slot] ?? 0;
    const last = this.#shown[slot] ?? 0;
    return Math.abs(value - last) >= (this.#threshold[slot] ?? 0) || (value === 0 && last !== 0);
  }

  #show(slot: number, now: number): void {
    const signal = this.#definitions[slot];
    const value = this.#current[slot];
    if (signal === undefined || value === undefined || Number.isNaN(value)) return;
    this.#shown[slot] = value;
    this.#shownAt[slot] = now;
    this.#report(signal, value, this.#time[slot] ?? 0);
  }

  #learn(signals: readonly Signal[]): void {
    this.#slots = Uint16Array.from(signals, (signal) => this.#slot(signal));
    this.#cachedSignals = signals;
  }

  #slot(signal: Signal): number {
    const known = this.#slotOf.get(signal.key);
    const slot = known ?? this.#definitions.length;
    if (known === undefined) {
      if (slot === this.#current.length) this.#grow();
      this.#slotOf.set(signal.key, slot);
      this.#definitions.push(signal);
      this.#clear(slot);
    }
    this.#definitions[slot] = signal;
    const band = signal.type === "number" ? signal.report.deadBand : 0;
    // A step of exactly the dead-band counts, although 12.6 - 12.5 falls short of 0.1. Without one every change counts.
    this.#threshold[slot] = band > 0 ? band * (1 - 1e-6) : Number.MIN_VALUE;
    this.#interval[slot] = signal.report.minIntervalMs;
    return slot;
  }

  #clear(slot: number): void {
    this.#current[slot] = Number.NaN;
    this.#time[slot] = Number.NEGATIVE_INFINITY;
    // Every value differs enough from infinity: the first one is always reported.
    this.#shown[slot] = Number.POSITIVE_INFINITY;
    this.#shownAt[slot] = Number.NEGATIVE_INFINITY;
    this.#waits[slot] = 0;
  }

  #grow(): void {
    const size = Math.max(32, this.#current.length * 2);
    this.#threshold = grown(this.#threshold, size);
    this.#interval = grown(this.#interval, size);
    this.#current = grown(this.#current, size);
    this.#time = grown(this.#time, size);
    this.#shown = grown(this.#shown, size);
    this.#shownAt = grown(this.#shownAt, size);
    const waits = new Uint8Array(size);
    waits.set(this.#waits);
    this.#waits = waits;
  }
}

function grown(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(column);
  return larger;
}
