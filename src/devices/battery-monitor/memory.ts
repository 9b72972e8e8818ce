import type { Signal } from "#domain/signal.ts";
import { RECORD_INTERVAL_MS, recordTime } from "#protocols/leagend/history.ts";
import type { Model } from "#protocols/leagend/model.ts";
import type { ReadingLog } from "./reading-log.ts";
import { batteryState, crankVoltage, voltage } from "./signals.ts";
import type { Visit } from "./visit.ts";

/** Readings further apart than this have room in between for records that are worth a read-out. */
const GAP_MS = 10 * 60_000;
/** What a monitor remembers from longer ago is not asked for: it would occupy it for minutes. */
const REACH_MS = 30 * 86_400_000;
/** Attempts at an answer that breaks off; then what came is all there will be. */
const ATTEMPTS = 3;

/** When the kept samples of a signal in a span were taken: UTC ms, in order. */
type Kept = (signal: Signal, from: number, to: number) => Float64Array;

/**
 * Fills the gaps among the kept readings from the monitor's memory. What is missing is told by what is kept, so nothing is
 * stored twice and nothing forgotten, over restarts and answers that break off as well.
 */
export class Memory {
  readonly #kept: Kept;
  /** UTC ms: for what lies before, the monitor has been asked. */
  #askedUntil: number;
  #attempts = 0;

  constructor(kept: Kept, now: number) {
    this.#kept = kept;
    // Only a visit tells the state: at the first of them, what lay before was asked for.
    this.#askedUntil = kept(batteryState, now - REACH_MS, now)[0] ?? now - REACH_MS;
  }

  /** How many of the newest records reach back to the oldest that is missing; 0 when none is. */
  wanted(model: Model, now: number): number {
    const from = this.#askedUntil;
    // How far the voltage fell while cranking is told by a BM2's memory only, however well the time is covered.
    const oldest = model === "BM2" ? from : oldestGap(this.#kept(voltage, from, now), from, now);
    return oldest === undefined ? 0 : Math.ceil((now - oldest) / RECORD_INTERVAL_MS);
  }

  /** Logs what is missing, oldest first. @returns the number of records that were new */
  merge(model: Model, { records, time, complete }: NonNullable<Visit["history"]>, log: ReadingLog): number {
    const from = time - REACH_MS;
    const isMissing = missingAmong(this.#kept(voltage, from, time));
    const isCrankMissing = missingAmong(this.#kept(crankVoltage, from, time));
    let merged = 0;
    for (let index = records.length - 1; index >= 0; index--) {
      const record = records[index];
      const taken = recordTime(model, index, time);
      if (record === undefined || taken < from) continue;
      if (record.crankVoltage !== undefined && isCrankMissing(taken)) log.crank(taken, record.crankVoltage);
      // The newest is as good as the reading that was taken with it.
      if (index === 0 || !isMissing(taken)) continue;
      log.record(taken, record);
      merged++;
    }
    this.#attempts++;
    if (complete || this.#attempts === ATTEMPTS) {
      this.#askedUntil = time;
      this.#attempts = 0;
    }
    return merged;
  }
}

/** Where the oldest gap among times in order begins; undefined without one. */
function oldestGap(kept: Float64Array, from: number, to: number): number | undefined {
  let previous = from;
  for (const time of kept) {
    if (time <= previous) continue;
    if (time - previous > GAP_MS) return previous;
    previous = time;
  }
  return to - previous > GAP_MS ? previous : undefined;
}

/**
 * What lies nearer to a kept reading than records lie to each other is there already: read live, or in an earlier read-out
 * by another clock. To be asked with rising times.
 */
function missingAmong(kept: Float64Array): (time: number) => boolean {
  let at = 0;
  return (time) => {
    while ((kept[at] ?? Number.POSITIVE_INFINITY) <= time - RECORD_INTERVAL_MS) at++;
    return (kept[at] ?? Number.POSITIVE_INFINITY) >= time + RECORD_INTERVAL_MS;
  };
}
