import { type Chemistry, chargingVoltage } from "#domain/battery-chemistry.ts";
import type { Samples } from "#store/series-store.ts";

/** A span in which something (alternator, charger, solar) held the battery above its resting voltage. */
export interface ChargingSession {
  /** UTC ms of the first and the last sample above. */
  readonly from: number;
  readonly to: number;
  readonly maxVoltage: number;
  /** Still going on at the newest sample. */
  readonly open: boolean;
}

/** A dip shorter than this (a load switched on) does not end a session; a blip shorter than this begins none. */
const SETTLE_MS = 5 * 60_000;
/** Without a sample for so long nobody knows what happened in between: the session ends at its last sample. */
const GAP_MS = 60 * 60_000;

/** Sessions in time order. `voltage`: V, in time order. */
export function chargingSessions(voltage: Samples, chemistry: Chemistry): readonly ChargingSession[] {
  const threshold = chargingVoltage(chemistry);
  const { times, values } = voltage;
  const sessions: ChargingSession[] = [];
  let from = Number.NaN;
  let to = Number.NaN;
  let max = 0;
  const end = (open: boolean): void => {
    if (to - from >= SETTLE_MS) sessions.push({ from, to, maxVoltage: max, open });
    from = Number.NaN;
  };
  for (const [at, time] of times.entries()) {
    const value = values[at] ?? 0;
    const above = value >= threshold;
    const running = !Number.isNaN(from);
    if (running && time - to > (above ? GAP_MS : SETTLE_MS)) end(false);
    if (!above) continue;
    if (Number.isNaN(from)) {
      from = time;
      max = value;
    }
    to = time;
    max = Math.max(max, value);
  }
  if (!Number.isNaN(from)) end(true);
  return sessions;
}
