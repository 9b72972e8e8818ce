import type { HotRow } from "./hot-row.ts";

// Weeks of a battery monitor, hours of a CAN bus.
const MOST_WAITING_BYTES = 32 * 1024 * 1024;

/** The hot rows in the order they were made: first those on the disk, until they are sealed, then those that wait for it. */
export class HotRows {
  /** Samples of rows that were let go before the disk took them. */
  dropped = 0;
  #rows: HotRow[] = [];

  get all(): readonly HotRow[] {
    return this.#rows;
  }

  /** Not on the disk yet. */
  get waiting(): readonly HotRow[] {
    return this.#rows.filter(({ id }) => id === 0);
  }

  get waitingSamples(): number {
    return this.waiting.reduce((sum, { count }) => sum + count, 0);
  }

  /** On the disk, not sealed yet. */
  get storedSamples(): number {
    return this.#rows.reduce((sum, { id, count }) => (id === 0 ? sum : sum + count), 0);
  }

  add(row: HotRow): void {
    this.#rows.push(row);
    let bytes = this.waiting.reduce((sum, { data }) => sum + data.length, 0);
    while (bytes > MOST_WAITING_BYTES) {
      const oldest = this.#rows.find(({ id }) => id === 0);
      if (oldest === undefined) return;
      this.remove([oldest]);
      this.dropped += oldest.count;
      bytes -= oldest.data.length;
    }
  }

  /** Takes rows found on the disk, which are older than any here, unless they are known. Returns their samples. */
  recover(rows: readonly HotRow[]): number {
    const known = new Set(this.#rows.map(({ id }) => id));
    const found = rows.filter(({ id }) => !known.has(id));
    this.#rows = [...found, ...this.#rows];
    return found.reduce((sum, { count }) => sum + count, 0);
  }

  remove(rows: readonly HotRow[]): void {
    const gone = new Set(rows);
    this.#rows = this.#rows.filter((row) => !gone.has(row));
  }

  /** The oldest rows on the disk, up to `samples` of them. */
  oldest(samples: number): readonly HotRow[] {
    let sum = 0;
    return this.#rows.filter(({ id, count }) => {
      sum += count;
      return id !== 0 && sum - count < samples;
    });
  }

  /** None is on the disk any more. */
  forgetIds(): void {
    for (const row of this.#rows) row.id = 0;
  }
}
