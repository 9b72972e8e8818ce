import type { Signal } from "#domain/signal.ts";
import type { SampleSink } from "#protocols/can/signal-register.ts";
import type { FrameDecoder } from "./decode-signals.ts";

/** Of one signal in one recording. The values are in the signal's unit; there are none when it never had one. */
export interface SignalStatistics {
  readonly signal: Signal;
  /** Ids of the frames of this recording that carry it. */
  readonly frames: readonly string[];
  readonly count: number;
  /** How often the car said that it had no value. */
  readonly unavailable: number;
  readonly values?: {
    readonly first: number;
    readonly last: number;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
  };
}

interface Row {
  count: number;
  readonly first: number;
  last: number;
  min: number;
  max: number;
  sum: number;
}

/** Takes samples and keeps what a person wants to know of each signal; its size does not grow with the recording. */
export class StatisticsSink implements SampleSink {
  /** By index of the decoder's signal. */
  readonly #rows: Row[] = [];

  add(index: number, _time: number, value: number): void {
    const row = this.#rows[index];
    if (row === undefined) {
      this.#rows[index] = { count: 1, first: value, last: value, min: value, max: value, sum: value };
      return;
    }
    row.count++;
    row.last = value;
    row.sum += value;
    if (value < row.min) row.min = value;
    if (value > row.max) row.max = value;
  }

  /** Of every signal that had a value or was said to have none, by frame. `seen`: ids of all frames there were. */
  of(decoder: FrameDecoder, seen: ReadonlySet<string>): readonly SignalStatistics[] {
    const rows = new Map(decoder.signals.map(({ key }, index) => [key, this.#rows[index]]));
    const statistics = decoder.sources().flatMap(({ signal, frames }): SignalStatistics[] => {
      const row = rows.get(signal.key);
      const unavailable = decoder.unavailable(signal.key);
      if (row === undefined && unavailable === 0) return [];
      const base = { signal, frames: frames.filter((id) => seen.has(id)), count: row?.count ?? 0, unavailable };
      return [row === undefined ? base : { ...base, values: valuesOf(row) }];
    });
    return statistics.toSorted((a, b) => compare(a.frames[0] ?? "", b.frames[0] ?? ""));
  }
}

function valuesOf({ count, first, last, min, max, sum }: Row): NonNullable<SignalStatistics["values"]> {
  return { first: round(first), last: round(last), min: round(min), max: round(max), mean: round(sum / count) };
}

/** Twelve digits are all that a scaled integer means. */
const round = (value: number): number => Number(value.toPrecision(12));

const compare = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
