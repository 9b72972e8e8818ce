import { isCarportError } from "#domain/error.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Series } from "./catalogue.ts";
import { BundleHead } from "./codec/bundle.ts";
import { decompress } from "./codec/zstd.ts";
import { type HotRow, hotBundles } from "./hot-row.ts";
import type { Sink } from "./query.ts";
import type { ChunkTable, StoredChunk } from "./sqlite/chunk-table.ts";

/** What is looked for, and who takes it. */
export interface Scan {
  readonly series: readonly Series[];
  /** UTC ms, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly sink: Sink;
  /** Hears of each block or hot row that cannot be read; the rest is. */
  readonly damaged: (piece: string, error: unknown) => void;
}

/** Sealed chunks: all are offered by their statistics before the first is decoded. */
export function scanChunks(scan: Scan, chunks: ChunkTable): void {
  const { from, to, sink } = scan;
  const wanted: { readonly chunk: StoredChunk; readonly head: BundleHead }[] = [];
  for (const series of scan.series) {
    for (const chunk of chunks.find(series, from, to)) {
      reading(scan, `block ${chunk.block}`, () => {
        if (!chunk.intact) throw new RangeError("its statistics have changed");
        const head = new BundleHead(chunk.head, chunk.count);
        const taken = sink.summary(chunk.from, chunk.to, chunk.count, () => head.column(chunk.column));
        if (!taken) wanted.push({ chunk, head });
      });
    }
  }
  // In the order they came, which is that of time unless some came late; samples of the same time keep it.
  wanted.sort((a, b) => a.chunk.block - b.chunk.block);
  for (const { chunk, head } of wanted) {
    reading(scan, `block ${chunk.block}`, () => {
      head.column(chunk.column);
      const body = decompress(chunks.block(chunk.block), head.bodyLength);
      sink.samples(head.decodeTimes(body, chunk.from), head.decodeColumn(body, chunk.column));
    });
  }
}

export function scanHotRows(scan: Scan, rows: readonly HotRow[]): void {
  const { series, from, to, sink } = scan;
  for (const row of rows) {
    if (row.to < from || row.from >= to || !series.some((one) => row.series.includes(one))) continue;
    reading(scan, `hot ${row.id}`, () => {
      for (const { first, columns, start, head, body } of hotBundles(row.data)) {
        for (let column = 0; column < columns; column++) {
          const owner = row.series[first + column];
          if (owner === undefined || !series.includes(owner)) continue;
          sink.samples(head.decodeTimes(body, start), head.decodeColumn(body, column));
        }
      }
    });
  }
}

export function scanArrivals({ series, sink }: Scan, { count, slots, times, values }: Arrivals): void {
  for (const { slot } of series) {
    const rows: number[] = [];
    for (let i = 0; i < count; i++) if (slots[i] === slot) rows.push(i);
    const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] ?? 0);
    sink.samples(pick(times), pick(values));
  }
}

function reading(scan: Scan, piece: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    // The sink's own refusal.
    if (isCarportError(error)) throw error;
    scan.damaged(piece, error);
  }
}
