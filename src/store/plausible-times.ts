const DAY_MS = 86_400_000;
/** Before any car here had a bus worth recording, and where a GPS week rollover (1,024 weeks back) would put us. */
const EARLIEST = Date.UTC(2010, 0, 1);
/** No clock of this program's life shows more, unless it is wrong. */
const LATEST = Date.UTC(2060, 0, 1);

/**
 * The times a sample may have, UTC ms: from 2010 up to a day ahead of the clock, and never from 2060 on, however the
 * clock has jumped. A clock that is itself before 2010 (a Pi without a battery) is no measure of what is ahead of it.
 */
export function plausibleTimes(now: number): { readonly from: number; readonly to: number } {
  return { from: EARLIEST, to: now < EARLIEST ? LATEST : Math.min(LATEST, now + DAY_MS) };
}
