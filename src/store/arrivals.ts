import type { Batch } from "#domain/batch.ts";

/** Samples in the order they came, as columns, between two flushes. 1 MB at 16 bytes a sample. */
export class Arrivals {
  static readonly CAPACITY = 65_536;

  /** Rows below; reset to 0 once they are packed. */
  count = 0;
  /** Since the start. */
  taken = 0;
  /** Since the start: not finite, outside the plausible times, or of no signal. */
  rejected = 0;
  readonly slots = new Uint32Array(Arrivals.CAPACITY);
  readonly times = new Float64Array(Arrivals.CAPACITY);
  readonly values = new Float64Array(Arrivals.CAPACITY);

  get full(): boolean {
    return this.count === Arrivals.CAPACITY;
  }

  /** Takes rows of the batch from row `start` on until full; returns the row to go on with. Times are rounded to ms. */
  add(batch: Batch, start: number, slots: Uint32Array, from: number, to: number): number {
    const { index, times, values } = batch;
    const rows = Math.min(batch.count, index.length, times.length, values.length);
    let at = this.count;
    let row = start;
    for (; row < rows && at < Arrivals.CAPACITY; row++) {
      const slot = slots[index[row] ?? -1];
      const time = Math.round(times[row] ?? Number.NaN);
      const value = values[row] ?? Number.NaN;
      if (slot === undefined || !(time >= from && time < to) || !Number.isFinite(value)) {
        this.rejected++;
        continue;
      }
      this.slots[at] = slot;
      this.times[at] = time;
      // Turns -0 into 0: no reading differs by it, and it is not an integer.
      this.values[at] = value + 0;
      at++;
    }
    this.taken += at - this.count;
    this.count = at;
    return row;
  }
}
