import { appendFile, readFile, rename, stat } from "node:fs/promises";
import type { Log } from "#domain/log.ts";
import { type Change, change } from "../contract/changes.ts";

const LARGEST = 256 * 1024;

/** A line of JSON per change, appended. A full file becomes `PATH.1` in place of the one before: 512 KB at most. */
export class ChangeLog {
  readonly #path: string;
  readonly #log: Log;
  readonly #largest: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, log: Log, largest = LARGEST) {
    this.#path = path;
    this.#log = log;
    this.#largest = largest;
  }

  /** Resolves when it is written. Where that fails the log says so: a change is not undone for its record. */
  record(entry: Change): Promise<void> {
    const written = this.#last.then(() => this.#append(JSON.stringify(entry)));
    this.#last = written;
    return written;
  }

  /** Newest first. Lines that a power cut left unfinished are left out. */
  async newest(limit: number): Promise<readonly Change[]> {
    await this.#last;
    const files = await Promise.all(
      [`${this.#path}.1`, this.#path].map((path) => readFile(path, "utf8").catch(() => "")),
    );
    return files.join("").split("\n").flatMap(parsed).slice(-limit).reverse();
  }

  async #append(line: string): Promise<void> {
    try {
      const size = await stat(this.#path).then(
        (stats) => stats.size,
        () => 0,
      );
      if (size + line.length > this.#largest) await rename(this.#path, `${this.#path}.1`);
      // Begins with a line end: one that a power cut left unfinished spoils no other.
      await appendFile(this.#path, `\n${line}`, { mode: 0o600 });
    } catch (error) {
      this.#log.warn("a change could not be written to the log of changes", { error });
    }
  }
}

function parsed(line: string): readonly Change[] {
  try {
    const entry = change.safeParse(JSON.parse(line));
    return entry.success ? [entry.data] : [];
  } catch {
    return [];
  }
}
