import { quantumOf, type Series } from "./catalogue.ts";
import type { BundleEncoder, Column } from "./codec/bundle.ts";
import { compress } from "./codec/zstd.ts";
import { type HotRow, hotBundles } from "./hot-row.ts";
import { ascending, permuted, stableOrder } from "./time-order.ts";

const LEVEL = 3;
const MOST_SAMPLES = 32_768;

/** No chunk spans more, so that a query need not look further back for one that reaches into its range. */
export const LONGEST_CHUNK_MS = 86_400_000;

/** What becomes one row of `chunk` and one of `block`. */
export interface Chunk {
  readonly series: readonly Series[];
  /** UTC ms, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Samples of each channel. */
  readonly count: number;
  readonly head: Uint8Array;
  /** Compressed. */
  readonly data: Uint8Array;
}

interface Track {
  readonly series: Series[];
  readonly times: Float64Array[];
  readonly values: Float64Array[][];
}

/**
 * Joins hot rows to chunks, in time order; samples of the same time keep the order they came in. Yields between pieces of
 * work of a few milliseconds, so that the caller can let others run. `damaged` hears of rows that cannot be read.
 */
export function* sealRows(
  rows: readonly HotRow[],
  encoder: BundleEncoder,
  damaged: (row: HotRow, error: unknown) => void,
): Generator<void, readonly Chunk[]> {
  const joiner = new Joiner();
  for (const row of rows) {
    try {
      joiner.add(row);
    } catch (error) {
      damaged(row, error);
    }
    yield;
  }
  const chunks: Chunk[] = [];
  for (const track of joiner.tracks()) {
    const { times, columns } = inTimeOrder(track);
    for (let start = 0; start < times.length; ) {
      const end = chunkEnd(times, start);
      const part = times.subarray(start, end);
      const { head, body } = encoder.encode(
        part,
        columns.map(({ values, quantum }) => ({ values: values.subarray(start, end), quantum })),
      );
      chunks.push({
        series: track.series,
        from: times[start] ?? 0,
        to: times[end - 1] ?? 0,
        count: part.length,
        head: head.slice(),
        data: compress(body, LEVEL),
      });
      start = end;
      yield;
    }
  }
  return chunks;
}

/** Finds out which channels had the same times in every row: they stay together. */
class Joiner {
  readonly #pieces = new Map<Series, { sameAs: number; times: Float64Array[]; values: Float64Array[] }>();
  #serial = 0;

  add(row: HotRow): void {
    for (const { first, columns, start, head, body } of hotBundles(row.data)) {
      const times = head.decodeTimes(body, start);
      // Channels that were together so far and are now again get the same new number.
      const renumbered = new Map<number, number>();
      for (let column = 0; column < columns; column++) {
        const series = row.series[first + column];
        if (series === undefined) throw new RangeError("hot row without its channels");
        const values = head.decodeColumn(body, column);
        const pieces = this.#pieces.get(series) ?? { sameAs: 0, times: [], values: [] };
        const sameAs = renumbered.get(pieces.sameAs) ?? ++this.#serial;
        renumbered.set(pieces.sameAs, sameAs);
        pieces.sameAs = sameAs;
        pieces.times.push(times);
        pieces.values.push(values);
        this.#pieces.set(series, pieces);
      }
    }
  }

  tracks(): Iterable<Track> {
    const tracks = new Map<number, Track>();
    for (const [series, { sameAs, times, values }] of this.#pieces) {
      const track = tracks.get(sameAs) ?? { series: [], times, values: [] };
      track.series.push(series);
      track.values.push(values);
      tracks.set(sameAs, track);
    }
    return tracks.values();
  }
}

function inTimeOrder({ series, times, values }: Track): { times: Float64Array; columns: readonly Column[] } {
  const joined = join(times);
  const order = ascending(joined) ? undefined : stableOrder(joined);
  return {
    times: order === undefined ? joined : permuted(joined, order),
    columns: series.map(({ signal }, i) => {
      const column = join(values[i] ?? []);
      return { values: order === undefined ? column : permuted(column, order), quantum: quantumOf(signal) };
    }),
  };
}

function chunkEnd(times: Float64Array, start: number): number {
  const most = Math.min(times.length, start + MOST_SAMPLES);
  const latest = (times[start] ?? 0) + LONGEST_CHUNK_MS;
  if ((times[most - 1] ?? 0) < latest) return most;
  let end = start + 1;
  while (end < most && (times[end] ?? 0) < latest) end++;
  return end;
}

function join(pieces: readonly Float64Array[]): Float64Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const joined = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
