import type { CanLogTimeBase } from "#domain/can-log.ts";

const YEAR_2000 = Date.UTC(2000, 0);

/**
 * Dialects that write bare seconds do not say whether they count from 1970 or from some other moment: a recording whose
 * first frame is of 2000 or later is taken to be in UTC.
 */
export class BareTimes {
  timeBase: CanLogTimeBase = "none";

  /** UTC or relative ms from µs. */
  ms(microseconds: number): number {
    const ms = microseconds / 1000;
    if (this.timeBase === "none") this.timeBase = ms >= YEAR_2000 ? "utc" : "relative";
    return ms;
  }
}

/** Times that count from a date in the header; without one, or with one before 2000, they stay the file's own. */
export class HeaderDate {
  timeBase: CanLogTimeBase = "none";
  #start = 0;
  #decided = false;

  /** `start`: UTC ms, NaN when there was no such date. */
  set(start: number): void {
    if (!Number.isNaN(start)) this.#start = start;
  }

  /** A date that stands where the frames begin; of several only the first counts. */
  setFirst(start: number): void {
    if (this.#decided || Number.isNaN(start)) return;
    this.#decided = true;
    this.#start = start;
  }

  ms(microseconds: number): number {
    if (this.timeBase === "none") this.timeBase = this.#start >= YEAR_2000 ? "utc" : "relative";
    return (this.#start * 1000 + microseconds) / 1000;
  }
}

/** µs as a file writes them. Recordings hold no finer time. */
export const microseconds = (ms: number): number => Math.round(ms * 1000);

/** `1700000000.000013` */
export function seconds(ms: number): string {
  const total = microseconds(Math.abs(ms));
  const whole = Math.floor(total / 1e6);
  return `${ms < 0 ? "-" : ""}${whole}.${String(total - whole * 1e6).padStart(6, "0")}`;
}

const DAY = 86_400_000;
/** 1970-01-01 in days since 1899-12-30, as spreadsheets and PCAN files count. */
const EPOCH_IN_DAYS = 25_569;

/**
 * UTC ms of `45244.92592592593` days. In two parts: as one double, today's days are no finer than 0.6 µs.
 */
export function utcFromDays(text: string): number {
  const [days = "", fraction = ""] = text.split(".");
  return Math.round(((Number.parseInt(days, 10) - EPOCH_IN_DAYS) * DAY + Number(`0.${fraction}`) * DAY) * 1000) / 1000;
}

export function daysFromUtc(ms: number): string {
  const days = Math.floor(ms / DAY);
  const fraction = (ms - days * DAY) / DAY;
  return `${days + EPOCH_IN_DAYS}${fraction.toFixed(13).slice(1)}`;
}
