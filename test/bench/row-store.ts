import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Batch } from "#domain/batch.ts";

/** The peer: one row per sample in SQLite, as most would write it, with the same journal and 10,000 rows a commit. */
export class RowStore {
  readonly #database: DatabaseSync;
  #pending = 0;

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, "rows.db"));
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE sample (channel INTEGER, time INTEGER, value REAL, PRIMARY KEY (channel, time)) WITHOUT ROWID;
    `);
  }

  append(batches: Iterable<Batch>): void {
    const insert = this.#database.prepare("INSERT OR REPLACE INTO sample VALUES (?, ?, ?)");
    for (const { count, index, times, values } of batches) {
      if (this.#pending === 0) this.#database.exec("BEGIN");
      for (let row = 0; row < count; row++) {
        insert.run(index[row] ?? 0, Math.round(times[row] ?? 0), values[row] ?? 0);
      }
      this.#pending += count;
      if (this.#pending >= 10_000) this.commit();
    }
  }

  commit(): void {
    if (this.#pending > 0) this.#database.exec("COMMIT");
    this.#pending = 0;
  }

  read(channel: number): number {
    return this.#database.prepare("SELECT time, value FROM sample WHERE channel = ? ORDER BY time").all(channel).length;
  }

  /** One row per bucket: smallest, largest and mean. */
  downsample(channel: number, widthMs: number): number {
    const buckets = this.#database.prepare(
      "SELECT time / ? AS bucket, min(value), max(value), avg(value) FROM sample WHERE channel = ? GROUP BY bucket",
    );
    return buckets.all(widthMs, channel).length;
  }

  close(): void {
    this.commit();
    this.#database.close();
  }
}
