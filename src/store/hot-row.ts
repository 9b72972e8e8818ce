import { Arrivals } from "./arrivals.ts";
import { type Catalogue, observe, quantumOf, type Series } from "./catalogue.ts";
import { BundleEncoder, BundleHead, type Column } from "./codec/bundle.ts";
import { ByteReader } from "./codec/byte-reader.ts";
import { ByteWriter } from "./codec/byte-writer.ts";
import { compress, decompress } from "./codec/zstd.ts";
import type { StoredHotRow } from "./sqlite/hot-table.ts";

// Rows live for minutes: speed counts more than the last tenth of their size.
const LEVEL = 1;

/** What one flush brings to the disk: the samples of all channels since the one before, compressed. */
export interface HotRow {
  /** Its row in the database; 0 while it waits for one. */
  id: number;
  /** The channels of its bundles, one bundle after the other. */
  readonly series: readonly Series[];
  readonly data: Uint8Array;
  readonly count: number;
  /** UTC ms, both inclusive. */
  readonly from: number;
  readonly to: number;
  /** Monotonic ms. */
  readonly since: number;
}

/** A bundle in a hot row: its columns belong to the row's channels from `first` on. */
export interface HotBundle {
  readonly first: number;
  readonly columns: number;
  readonly count: number;
  readonly start: number;
  readonly head: BundleHead;
  readonly body: Uint8Array;
}

interface Group {
  readonly times: Float64Array;
  readonly series: Series[];
  readonly columns: Column[];
}

/** Packs what has arrived. Keeps its working memory from one flush to the next. */
export class HotRowPacker {
  readonly #encoder = new BundleEncoder();
  readonly #writer = new ByteWriter();
  readonly #times = new Float64Array(Arrivals.CAPACITY);
  readonly #values = new Float64Array(Arrivals.CAPACITY);

  /**
   * One row of all arrivals, which must not be none; channels with the same times become one bundle. The newest samples
   * become those of their channels.
   */
  pack(arrivals: Arrivals, catalogue: Catalogue, since: number, horizon: number): HotRow {
    const groups = this.#groupByTimes(arrivals, catalogue.series);
    const writer = this.#writer;
    writer.length = 0;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const { times, series, columns } of groups) {
      const { head, body } = this.#encoder.encode(times, columns);
      writer.varint(columns.length);
      writer.varint(times.length);
      writer.varint(times[0] ?? 0);
      writer.varint(head.length);
      writer.append(head);
      writer.varint(body.length);
      writer.append(body);
      const { earliest, newest } = extent(times);
      for (const [column, one] of series.entries()) {
        observe(one, times[newest] ?? 0, columns[column]?.values[newest] ?? 0, horizon);
      }
      from = Math.min(from, earliest);
      to = Math.max(to, times[newest] ?? 0);
    }
    const data = compress(writer.view(), LEVEL);
    return { id: 0, series: groups.flatMap(({ series }) => series), data, count: arrivals.count, from, to, since };
  }

  #groupByTimes(arrivals: Arrivals, catalogue: readonly Series[]): readonly Group[] {
    const ends = this.#sortBySlot(arrivals, catalogue.length);
    const groups: Group[] = [];
    // Groups that may be the same at first sight.
    const candidates = new Map<string, Group[]>();
    let start = 0;
    for (const series of catalogue) {
      const end = ends[series.slot] ?? start;
      if (end === start) continue;
      const times = this.#times.subarray(start, end);
      const values = this.#values.subarray(start, end);
      start = end;
      // Sources are kept apart, so that what belongs to one vehicle can be deleted one day.
      const { device, vehicle } = series.source;
      const sight = `${device} ${vehicle} ${times.length} ${times[0]} ${times[times.length >> 1]}`;
      const similar = candidates.get(sight) ?? [];
      let group = similar.find((one) => equal(one.times, times));
      if (group === undefined) {
        group = { times, series: [], columns: [] };
        groups.push(group);
        candidates.set(sight, [...similar, group]);
      }
      group.series.push(series);
      group.columns.push({ values, quantum: quantumOf(series.signal) });
    }
    return groups;
  }

  /** Counting sort: each channel's samples side by side, in the order they came. Returns where each channel's end. */
  #sortBySlot({ count, slots, times, values }: Arrivals, channels: number): Uint32Array {
    const ends = new Uint32Array(channels);
    for (let i = 0; i < count; i++) {
      const slot = slots[i] ?? 0;
      ends[slot] = (ends[slot] ?? 0) + 1;
    }
    let start = 0;
    for (let slot = 0; slot < channels; slot++) {
      const size = ends[slot] ?? 0;
      ends[slot] = start;
      start += size;
    }
    const sortedTimes = this.#times;
    const sortedValues = this.#values;
    for (let i = 0; i < count; i++) {
      const slot = slots[i] ?? 0;
      const at = ends[slot] ?? 0;
      ends[slot] = at + 1;
      sortedTimes[at] = times[i] ?? 0;
      sortedValues[at] = values[i] ?? 0;
    }
    return ends;
  }
}

/** A row found on the disk, whose newest samples become those of its channels; throws when it is damaged. */
export function recoverHotRow(
  { id, channels, data }: StoredHotRow,
  byId: ReadonlyMap<number, Series>,
  horizon: number,
): HotRow {
  const series = channels.map((channel) => {
    const known = byId.get(channel);
    if (known === undefined) throw new RangeError("hot row of an unknown channel");
    return known;
  });
  let samples = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { first, columns, count, start, head, body } of hotBundles(data)) {
    const times = head.decodeTimes(body, start);
    const { earliest, newest } = extent(times);
    from = Math.min(from, earliest);
    to = Math.max(to, times[newest] ?? 0);
    for (let column = 0; column < columns; column++) {
      const owner = series[first + column];
      if (owner === undefined) throw new RangeError("hot row without its channels");
      observe(owner, times[newest] ?? 0, head.decodeColumn(body, column)[newest] ?? 0, horizon);
    }
    samples += count * columns;
  }
  return { id, series, data, count: samples, from, to, since: Number.NEGATIVE_INFINITY };
}

/** The bundles of a hot row; throws when its bytes are damaged. */
export function* hotBundles(data: Uint8Array): Generator<HotBundle> {
  const reader = new ByteReader(decompress(data, data.length * 8));
  for (let first = 0; !reader.done; ) {
    const columns = reader.varint();
    const count = reader.varint();
    const start = reader.varint();
    const head = new BundleHead(reader.take(reader.varint()), count);
    const body = reader.take(reader.varint());
    yield { first, columns, count, start, head, body };
    first += columns;
  }
}

/** The earliest time, and the index of the newest: of several the one that came last. */
function extent(times: Float64Array): { readonly earliest: number; readonly newest: number } {
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  let newest = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0;
    if (time < earliest) earliest = time;
    if (time >= latest) {
      latest = time;
      newest = i;
    }
  }
  return { earliest, newest };
}

function equal(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
