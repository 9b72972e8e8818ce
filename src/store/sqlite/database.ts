import { close, closeSync, existsSync, fdatasync, openSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { CarportError } from "#domain/error.ts";
import { integer } from "./cells.ts";
import { migrations } from "./schema.ts";

// Small flushes touch few pages: at 1 KiB they write half of what they would at 4 KiB (measured).
const PAGE_SIZE = 1024;
const CHECKPOINT_PAGES = 4000;
const BUSY_MS = 250;
// Compacting rewrites the file, which only a small one is worth: in a large one the free pages weigh nothing.
const SMALL_BYTES = 4 * 1024 * 1024;

/** The open database file: settings, migrations, transactions and syncing. */
export class Database {
  readonly sql: DatabaseSync;
  readonly #file: string;
  #walDescriptor: number | undefined;
  #syncing = false;
  #syncAgain = false;
  #closed = false;

  private constructor(file: string, sql: DatabaseSync) {
    this.#file = file;
    this.sql = sql;
  }

  /** Opens or creates; throws SQLite's own errors, and STORE_TOO_NEW. */
  static open(file: string): Database {
    const sql = new DatabaseSync(file, { timeout: BUSY_MS });
    try {
      sql.exec(`
        PRAGMA page_size = ${PAGE_SIZE};
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * PAGE_SIZE};
      `);
      const database = new Database(file, sql);
      database.#migrate();
      return database;
    } catch (error) {
      sql.close();
      throw error;
    }
  }

  transaction<Result>(work: () => Result): Result {
    this.sql.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.sql.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some errors.
      if (this.sql.isTransaction) this.sql.exec("ROLLBACK");
      throw error;
    }
  }

  /**
   * Brings what was committed through a power cut, without holding up the program: with synchronous=NORMAL the log is
   * written but not synced by a commit, and a sync can take a second on an SD card. `failed` hears of errors.
   */
  sync(failed: (error: unknown) => void): void {
    if (this.#syncing) {
      this.#syncAgain = true;
      return;
    }
    const log = `${this.#file}-wal`;
    // Where the file system knows no shared memory SQLite keeps a journal instead, and syncs it itself.
    if (!existsSync(log)) return;
    this.#walDescriptor ??= openSync(log, "r");
    const descriptor = this.#walDescriptor;
    this.#syncing = true;
    fdatasync(descriptor, (error) => {
      this.#syncing = false;
      if (this.#closed) return close(descriptor);
      if (error) failed(error);
      if (!this.#syncAgain) return;
      this.#syncAgain = false;
      this.sync(failed);
    });
  }

  /** Bytes of the database and its log. */
  size(): number {
    return sizeOf(this.#file) + sizeOf(`${this.#file}-wal`);
  }

  /** Gives free pages of a small database back. */
  compact(): void {
    if (this.size() > SMALL_BYTES || this.#pragma("freelist_count") * 10 < this.#pragma("page_count")) return;
    this.sql.exec("VACUUM");
  }

  close(): void {
    this.#closed = true;
    if (this.#walDescriptor !== undefined && !this.#syncing) closeSync(this.#walDescriptor);
    this.sql.close();
  }

  #pragma(name: string): number {
    return integer(this.sql.prepare(`PRAGMA ${name}`).get()?.[name]);
  }

  #migrate(): void {
    const done = this.#pragma("user_version");
    if (done > migrations.length) throw new CarportError("STORE_TOO_NEW", this.#file);
    for (const [index, step] of migrations.entries()) {
      if (index < done) continue;
      this.transaction(() => this.sql.exec(`${step}; PRAGMA user_version = ${index + 1}`));
    }
  }
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
