import type { HistoryResource } from "#api/contract/resources.ts";

/** Shorter pauses are drawn through; longer ones, and those far longer than this signal's own pace, are gaps. */
const GAP_SECONDS = 30;
const GAP_PACES = 6;
/** Old points are dropped in lots, not one by one. */
const TRIM = 512;

type Column = (number | null)[];

/** Columns as uPlot wants them: seconds, mean, lowest, highest. A gap is a point of nulls. */
export type CurveData = [times: number[], mean: Column, min: Column, max: Column];

/** The points of one signal: history first, then what comes live. */
export class Curve {
  readonly data: CurveData = [[], [], [], []];
  readonly #spacing: number;
  #pace = 0;
  #last = 0;
  /** Of the newest point: when it began, and how many samples it is made of. */
  #began = 0;
  #samples = 0;

  /** Samples nearer to each other than `spacingMs` become one point. */
  constructor(spacingMs: number) {
    this.#spacing = spacingMs / 1000;
  }

  /** Of the points, UTC in seconds. */
  get times(): readonly number[] {
    return this.data[0];
  }

  /** Means of the points. */
  get values(): readonly (number | null)[] {
    return this.data[1];
  }

  load(history: HistoryResource["attributes"]): void {
    switch (history.resolution) {
      case "samples":
        for (const [at, time] of history.times.entries()) this.add(time, history.values[at]);
        break;
      case "buckets":
        for (const [at, time] of history.times.entries()) {
          this.add(time + history.widthMs / 2, history.mean[at], history.min[at], history.max[at]);
        }
        break;
    }
  }

  append({ data: [times, mean, min, max] }: Curve): void {
    for (const [at, seconds] of times.entries()) {
      this.add(seconds * 1000, mean[at] ?? undefined, min[at] ?? undefined, max[at] ?? undefined);
    }
  }

  /** `time`: UTC in ms. What is not newer than the last point is left out. */
  add(time: number, mean: number | undefined, min = mean, max = mean): void {
    const seconds = time / 1000;
    const pause = seconds - this.#last;
    if (mean === undefined || min === undefined || max === undefined || pause <= 0) return;
    if (this.#last > 0) {
      if (this.#pace > 0 && pause > Math.max(GAP_SECONDS, this.#pace * GAP_PACES)) {
        this.#push(this.#last + pause / 2, null, null, null);
        this.#samples = 0;
      } else {
        this.#pace = this.#pace === 0 ? pause : this.#pace * 0.9 + pause * 0.1;
      }
    }
    if (this.#samples > 0 && seconds - this.#began < this.#spacing) {
      this.#merge(seconds, mean, min, max);
    } else {
      this.#push(seconds, mean, min, max);
      this.#began = seconds;
      this.#samples = 1;
    }
    this.#last = seconds;
  }

  /** Lets go of what lies before `seconds`. */
  trim(seconds: number): void {
    const old = this.times.findIndex((time) => time >= seconds);
    if (old < TRIM) return;
    for (const column of this.data) column.splice(0, old);
  }

  #push(seconds: number, mean: number | null, min: number | null, max: number | null): void {
    this.data[0].push(seconds);
    this.data[1].push(mean);
    this.data[2].push(min);
    this.data[3].push(max);
  }

  #merge(seconds: number, mean: number, min: number, max: number): void {
    const [times, means, mins, maxs] = this.data;
    const at = times.length - 1;
    const before = means[at] ?? mean;
    this.#samples++;
    times[at] = seconds;
    means[at] = before + (mean - before) / this.#samples;
    mins[at] = Math.min(mins[at] ?? min, min);
    maxs[at] = Math.max(maxs[at] ?? max, max);
  }
}
