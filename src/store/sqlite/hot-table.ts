import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Series } from "../catalogue.ts";
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import type { HotRow } from "../hot-row.ts";
import type { Ids } from "./catalogue-table.ts";
import { blob, integer } from "./cells.ts";

/** A row as it was found. */
export interface StoredHotRow {
  readonly id: number;
  readonly channels: readonly number[];
  readonly data: Uint8Array;
}

/** The table `hot`. */
export class HotTable {
  readonly #sql: DatabaseSync;
  readonly #add: StatementSync;
  readonly #remove: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#sql = sql;
    this.#add = sql.prepare("INSERT INTO hot (channels, data) VALUES (?, ?)");
    this.#remove = sql.prepare("DELETE FROM hot WHERE id IN (SELECT value FROM json_each(?))");
  }

  /** The new row's id. `ids` are those not yet adopted. */
  add(row: HotRow, ids: Ids): number {
    const channels = new ByteWriter();
    for (const series of row.series) channels.varint(idOf(series, ids));
    return Number(this.#add.run(channels.view(), row.data).lastInsertRowid);
  }

  remove(rows: readonly HotRow[]): void {
    this.#remove.run(JSON.stringify(rows.map(({ id }) => id)));
  }

  *load(): Generator<StoredHotRow> {
    for (const row of this.#sql.prepare("SELECT * FROM hot ORDER BY id").all()) {
      const reader = new ByteReader(blob(row["channels"]));
      const channels: number[] = [];
      while (!reader.done) channels.push(reader.varint());
      yield { id: integer(row["id"]), channels, data: blob(row["data"]) };
    }
  }
}

const idOf = (series: Series, ids: Ids) => ids.get(series) ?? series.id;
