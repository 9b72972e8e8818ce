import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { CarportError } from "#domain/error.ts";
import type { Catalogue, Series } from "../catalogue.ts";
import { isSqliteError } from "../faults.ts";
import type { HotRow } from "../hot-row.ts";
import type { Chunk } from "../seal.ts";
import { CatalogueTable } from "./catalogue-table.ts";
import { ChunkTable } from "./chunk-table.ts";
import { Database } from "./database.ts";
import { HotTable, type StoredHotRow } from "./hot-table.ts";

/** The open database with its tables. Each method is one transaction; all throw SQLite's own errors. */
export class Storage {
  readonly database: Database;
  readonly chunks: ChunkTable;
  readonly #catalogue: CatalogueTable;
  readonly #hot: HotTable;

  private constructor(database: Database) {
    this.database = database;
    this.chunks = new ChunkTable(database.sql);
    this.#catalogue = new CatalogueTable(database.sql);
    this.#hot = new HotTable(database.sql);
  }

  /** Opens or creates, and enters what it knows into the catalogue. */
  static open(file: string, catalogue: Catalogue): Storage {
    mkdirSync(dirname(file), { recursive: true });
    const database = Database.open(file);
    try {
      const storage = new Storage(database);
      storage.#catalogue.load(catalogue);
      return storage;
    } catch (error) {
      database.close();
      // SQLite is content, but what it holds does not read as what we write.
      throw isSqliteError(error) ? error : new CarportError("STORE_DAMAGED", file, { cause: error });
    }
  }

  hotRows(): Iterable<StoredHotRow> {
    return this.#hot.load();
  }

  /** Writes hot rows together with what the catalogue has learnt, and gives them their ids. */
  write(catalogue: Catalogue, rows: readonly HotRow[]): void {
    const { ids, rowIds } = this.database.transaction(() => {
      const ids = this.#catalogue.save(catalogue);
      return { ids, rowIds: rows.map((row) => this.#hot.add(row, ids)) };
    });
    for (const [owner, id] of ids) owner.id = id;
    for (const source of catalogue.sources) source.changed = false;
    for (const [index, row] of rows.entries()) row.id = rowIds[index] ?? 0;
  }

  /** Puts chunks in the place of the hot rows they were made of. */
  seal(rows: readonly HotRow[], chunks: readonly Chunk[]): void {
    const adopt = this.database.transaction(() => {
      // First, so that the chunks can take their pages.
      this.#hot.remove(rows);
      for (const series of new Set<Series>(chunks.flatMap(({ series }) => series))) this.#catalogue.saveLast(series);
      return this.chunks.add(chunks);
    });
    adopt();
  }
}
