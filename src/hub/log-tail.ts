export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogEntry {
  /** Grows by one with each entry since the start. */
  readonly number: number;
  /** UTC ms. */
  readonly time: number;
  readonly level: LogLevel;
  /** One line, secrets taken out. */
  readonly text: string;
}

const MOST = 1_000;
const LONGEST = 2_000;

/** The newest lines of the log, for the page and for diagnostics: 2 MB at most. */
export class LogTail {
  readonly #ring: LogEntry[] = [];
  #added = 0;

  add(time: number, level: LogLevel, text: string): void {
    this.#ring[this.#added % MOST] = { number: this.#added, time, level, text: text.slice(0, LONGEST) };
    this.#added++;
  }

  /** At most `limit` entries of at least this level, newest first. */
  newest(limit: number, level: LogLevel = "debug"): readonly LogEntry[] {
    const least = logLevels.indexOf(level);
    const entries: LogEntry[] = [];
    for (let number = this.#added - 1; number >= 0 && entries.length < limit; number--) {
      const entry = this.#ring[number % MOST];
      if (entry?.number !== number) break;
      if (logLevels.indexOf(entry.level) >= least) entries.push(entry);
    }
    return entries;
  }
}
