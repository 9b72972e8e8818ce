import type { Samples } from "#store/series-store.ts";
import type { ChargingSession } from "./charging-sessions.ts";

const HOUR = 3_600_000;
/** The surface charge of a battery that was charged takes hours to go; before, its voltage flatters it. */
export const SURFACE_CHARGE_MS = 4 * HOUR;

/**
 * What the battery showed at rest since it was last charged: the median of each hour, which no cranking, opened door or
 * single bad reading moves. Empty when it is charging, or was until a few hours ago.
 * @returns V at the middle of each hour that has samples
 */
export function restingHours(voltage: Samples, sessions: readonly ChargingSession[]): Samples {
  const last = sessions.at(-1);
  // Before the first reading it may have been charged as well.
  const start = (last?.to ?? voltage.times[0] ?? 0) + SURFACE_CHARGE_MS;
  const times: number[] = [];
  const medians: number[] = [];
  let hour = Number.NaN;
  let values: number[] = [];
  const close = (): void => {
    if (values.length === 0) return;
    times.push((hour + 0.5) * HOUR);
    medians.push(median(values));
    values = [];
  };
  for (const [at, time] of voltage.times.entries()) {
    if (last?.open === true || time < start) continue;
    const its = Math.floor(time / HOUR);
    if (its !== hour) close();
    hour = its;
    values.push(voltage.values[at] ?? 0);
  }
  close();
  return { times: Float64Array.from(times), values: Float64Array.from(medians) };
}

/** Resting voltage now: the median of the newest six resting hours; undefined without any in the last two days. */
export function restingVoltage(hours: Samples, now: number): number | undefined {
  const newest = hours.times.at(-1);
  if (newest === undefined || now - newest > 48 * HOUR) return undefined;
  return median([...hours.values.slice(-6)]);
}

/** Middle value; the mean of the two middle ones of an even number. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
