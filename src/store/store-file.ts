import type { Clock } from "#domain/clock.ts";
import type { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import type { Catalogue } from "./catalogue.ts";
import { isLost, storeFault } from "./faults.ts";
import { isOrphaned, setAside, setAsideFiles } from "./set-aside.ts";
import { Storage } from "./sqlite/storage.ts";

// A disk that damages every file must not be filled with them.
const SET_ASIDE_INTERVAL_MS = 600_000;

export interface StoreFileOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly catalogue: Catalogue;
  /** After each opening, before it is used. */
  readonly opened: (storage: Storage) => void;
  /** The database was set aside: nothing is on the disk any more. */
  readonly lost: () => void;
}

/** Opens the database when it is needed and possible, and begins a new one when it is damaged. */
export class StoreFile {
  readonly #options: StoreFileOptions;
  #storage: Storage | undefined;
  #setAside: readonly string[] = [];
  #fault: CarportError | undefined;
  #lastSetAside = Number.NEGATIVE_INFINITY;

  constructor(options: StoreFileOptions) {
    this.#options = options;
  }

  /** Undefined while it cannot be opened. */
  get storage(): Storage | undefined {
    return this.#storage;
  }

  /** Why the last attempt failed. */
  get fault(): CarportError | undefined {
    return this.#fault;
  }

  /** Names of databases that were set aside, now or earlier. */
  get setAside(): readonly string[] {
    return this.#setAside;
  }

  /** Whether `work` succeeded. A damaged database is set aside and the work done once more, with a new one. */
  attempt(work: (storage: Storage) => void): boolean {
    // What was opened on a disk that failed can stay useless after the disk is well again.
    if (this.#fault?.code === "STORE_READ_ONLY" || this.#fault?.code === "STORE_UNAVAILABLE") this.#close();
    for (;;) {
      try {
        this.#storage ??= this.#open();
        work(this.#storage);
        this.#recovered();
        return true;
      } catch (error) {
        const fault = storeFault(error, this.#options.file);
        if (!isLost(fault) || !this.#beginAnew(fault)) {
          this.failed(fault);
          return false;
        }
      }
    }
  }

  failed(error: unknown): void {
    const fault = storeFault(error, this.#options.file);
    if (this.#fault?.code !== fault.code) {
      this.#options.log.error(fault.message, { nextStep: fault.nextStep, error: fault.cause });
    }
    this.#fault = fault;
  }

  close(): void {
    try {
      this.#storage?.database.compact();
    } catch (error) {
      this.#options.log.debug("the store could not be compacted", { error });
    }
    this.#close();
  }

  #close(): void {
    this.#storage?.database.close();
    this.#storage = undefined;
  }

  #open(): Storage {
    const { file, catalogue, opened, clock, log } = this.#options;
    if (isOrphaned(file)) log.warn(`${file}-wal: its database is gone; kept as ${setAside(file, clock.now())}-wal`);
    const storage = Storage.open(file, catalogue);
    try {
      opened(storage);
      this.#setAside = setAsideFiles(file);
    } catch (error) {
      storage.database.close();
      throw error;
    }
    for (const name of this.#setAside) log.warn(`${name} was set aside earlier; its history is not shown`);
    return storage;
  }

  #beginAnew(fault: CarportError): boolean {
    const { file, clock, log, lost } = this.#options;
    if (clock.monotonic() < this.#lastSetAside + SET_ASIDE_INTERVAL_MS) return false;
    try {
      this.#close();
      const name = setAside(file, clock.now());
      log.error(`${fault.message}; kept as ${name}`, { nextStep: fault.nextStep, error: fault.cause });
    } catch (error) {
      this.failed(error);
      return false;
    }
    this.#lastSetAside = clock.monotonic();
    lost();
    return true;
  }

  #recovered(): void {
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    this.#options.log.info("the store reaches the disk again");
  }
}
