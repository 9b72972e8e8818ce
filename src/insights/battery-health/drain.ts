import type { Samples } from "#store/series-store.ts";

const DAY = 86_400_000;
/** Shorter than a day, warm afternoons and cold nights pass for a trend. */
const LEAST_SPAN_MS = DAY;
const LEAST_HOURS = 12;
/** A month of hours: enough for any trend, and the pairs stay below 300,000. */
const MOST_HOURS = 720;
/** 90 % of a normal distribution lie within so many standard deviations. */
const Z = 1.645;

/** How fast a resting battery falls, with the range that holds the truth in nine of ten cases. V per day, negative: falling. */
export interface Drain {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Theil–Sen slope: the median of the slopes of all pairs of hours, which a quarter of bad hours does not move; its range
 * by Kendall's variance (Sen 1968).
 * @param hours resting medians since the last charge, V
 * @returns undefined before a day and twelve hours' values are there
 */
export function drain(hours: Samples): Drain | undefined {
  const from = Math.max(0, hours.times.length - MOST_HOURS);
  const times = hours.times.subarray(from);
  const values = hours.values.subarray(from);
  const n = times.length;
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || n < LEAST_HOURS || last - first < LEAST_SPAN_MS) return undefined;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      slopes[at++] = (((values[j] ?? 0) - (values[i] ?? 0)) / ((times[j] ?? 0) - (times[i] ?? 0))) * DAY;
    }
  }
  slopes.sort();
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const rank = (position: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(position)))] ?? Number.NaN;
  return {
    slope: (rank((slopes.length - 1) / 2 - 0.25) + rank((slopes.length - 1) / 2 + 0.25)) / 2,
    low: rank((slopes.length - spread) / 2),
    high: rank((slopes.length + spread) / 2),
  };
}

/** When a resting battery reaches a voltage. Days from now. */
export interface Forecast {
  readonly days: number;
  /** Nine times in ten not before this … */
  readonly earliest: number;
  /** … and not after this; undefined when the trend is too flat to say. */
  readonly latest: number | undefined;
}

/** Beyond this nobody can say anything from a resting voltage. */
export const HORIZON_DAYS = 365;

/**
 * @param voltage resting voltage now
 * @param limit V at which the owner should have charged, 12.0 for lead-acid
 * @returns undefined when it does not fall, or not within a year; zero days when it is below already
 */
export function daysUntil(limit: number, voltage: number, { slope, low, high }: Drain): Forecast | undefined {
  const above = voltage - limit;
  if (above <= 0) return { days: 0, earliest: 0, latest: 0 };
  const days = (perDay: number): number => (perDay < 0 ? above / -perDay : Number.POSITIVE_INFINITY);
  if (days(slope) > HORIZON_DAYS) return undefined;
  const latest = days(high);
  return { days: days(slope), earliest: days(low), latest: latest > HORIZON_DAYS ? undefined : latest };
}
