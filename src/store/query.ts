import { CarportError } from "#domain/error.ts";
import type { Buckets, Samples, SeriesQuery } from "./series-store.ts";
import { ascending, permuted, stableOrder } from "./time-order.ts";

/** Takes what a query finds, piece by piece, in no order. */
export interface Sink {
  /** Offers `count` samples by their statistics; false: the samples themselves are needed. UTC ms, inclusive. */
  summary(from: number, to: number, count: number, statistics: () => Statistics): boolean;
  /** Columns of equal length, which may reach out of the range. */
  samples(times: Float64Array, values: Float64Array): void;
}

export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

/** Collects every sample in the range. */
export class SampleSink implements Sink {
  readonly #query: SeriesQuery;
  readonly #limit: number;
  #promised = 0;
  #count = 0;
  #times = new Float64Array(1024);
  #values = new Float64Array(1024);

  constructor(query: SeriesQuery, limit: number) {
    this.#query = query;
    this.#limit = limit;
  }

  /** Always wants the samples, but refuses early what would be too many. */
  summary(from: number, to: number, count: number): boolean {
    if (from >= this.#query.from && to < this.#query.to) this.#promised += count;
    this.#refuseAbove(this.#promised);
    return false;
  }

  samples(times: Float64Array, values: Float64Array): void {
    this.#reserve(times.length);
    const { from, to } = this.#query;
    let count = this.#count;
    for (let i = 0; i < times.length; i++) {
      const time = times[i] ?? 0;
      if (!(time >= from && time < to)) continue;
      this.#times[count] = time;
      this.#values[count] = values[i] ?? 0;
      count++;
    }
    this.#count = count;
    this.#refuseAbove(count);
  }

  result(): Samples {
    const times = this.#times.slice(0, this.#count);
    const values = this.#values.slice(0, this.#count);
    if (ascending(times)) return { times, values };
    const order = stableOrder(times);
    return { times: permuted(times, order), values: permuted(values, order) };
  }

  #refuseAbove(count: number): void {
    if (count > this.#limit) throw new CarportError("STORE_RANGE_TOO_LARGE", this.#query.signal);
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#times.length) return;
    const size = Math.max(needed, this.#times.length * 2);
    const times = new Float64Array(size);
    const values = new Float64Array(size);
    times.set(this.#times.subarray(0, this.#count));
    values.set(this.#values.subarray(0, this.#count));
    this.#times = times;
    this.#values = values;
  }
}

/** Sorts what it finds into buckets of equal width. */
export class BucketSink implements Sink {
  readonly #from: number;
  readonly #to: number;
  readonly #widthMs: number;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #count: Float64Array;

  constructor({ from, to }: SeriesQuery, buckets: number) {
    this.#from = from;
    this.#to = to;
    this.#widthMs = Math.max(1, Math.ceil((to - from) / buckets));
    const size = Math.max(0, Math.ceil((to - from) / this.#widthMs));
    this.#min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(size);
    this.#count = new Float64Array(size);
  }

  summary(from: number, to: number, count: number, statistics: () => Statistics): boolean {
    const bucket = this.#bucket(from);
    if (from < this.#from || to >= this.#to || bucket !== this.#bucket(to)) return false;
    const { min, max, sum } = statistics();
    this.#add(bucket, min, max, sum, count);
    return true;
  }

  samples(times: Float64Array, values: Float64Array): void {
    for (let i = 0; i < times.length; i++) {
      const time = times[i] ?? 0;
      const value = values[i] ?? 0;
      if (time >= this.#from && time < this.#to) this.#add(this.#bucket(time), value, value, value, 1);
    }
  }

  result(): Buckets {
    const filled = Uint32Array.from(this.#count.keys()).filter((bucket) => (this.#count[bucket] ?? 0) > 0);
    return {
      widthMs: this.#widthMs,
      times: Float64Array.from(filled, (bucket) => this.#from + bucket * this.#widthMs),
      min: permuted(this.#min, filled),
      max: permuted(this.#max, filled),
      mean: Float64Array.from(filled, (bucket) => (this.#sum[bucket] ?? 0) / (this.#count[bucket] ?? 1)),
      count: permuted(this.#count, filled),
    };
  }

  #bucket(time: number): number {
    return Math.floor((time - this.#from) / this.#widthMs);
  }

  #add(bucket: number, min: number, max: number, sum: number, count: number): void {
    if (min < (this.#min[bucket] ?? 0)) this.#min[bucket] = min;
    if (max > (this.#max[bucket] ?? 0)) this.#max[bucket] = max;
    this.#sum[bucket] = (this.#sum[bucket] ?? 0) + sum;
    this.#count[bucket] = (this.#count[bucket] ?? 0) + count;
  }
}
