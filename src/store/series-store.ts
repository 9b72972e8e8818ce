import type { Batch } from "#domain/batch.ts";
import type { CarportError } from "#domain/error.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";

/** One stored series: a signal of a device while it was bound to a vehicle. Rebinding starts a new channel. */
export interface Channel {
  readonly device: DeviceId;
  readonly vehicle: VehicleId | undefined;
  readonly signal: Signal;
  /** Newest stored sample: what a parked car last said. */
  readonly last: { readonly time: number; readonly value: number } | undefined;
}

export interface SeriesQuery {
  readonly device: DeviceId;
  readonly signal: SignalKey;
  /** Limits to one vehicle's channel; all of them together when absent. */
  readonly vehicle?: VehicleId;
  /** UTC ms, inclusive. */
  readonly from: number;
  /** UTC ms, exclusive. */
  readonly to: number;
}

/** Columns of equal length, in time order. */
export interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Non-empty buckets of equal width, in time order: `time` is a bucket's start. */
export interface Buckets {
  readonly widthMs: number;
  readonly times: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
}

/** Totals since the start, except for what describes the disk. `appended = stored + waiting + dropped`. */
export interface StoreCounters {
  /** Samples taken. */
  readonly appended: number;
  /** Samples that reached the disk. */
  readonly stored: number;
  /** Samples in memory, not on the disk yet. */
  readonly waiting: number;
  /** Samples lost because the disk took nothing for too long: the oldest of those that waited. */
  readonly dropped: number;
  /** Samples refused: not finite, time out of range. Counted, never stored. */
  readonly rejected: number;
  /** Stored pieces that could not be read back; a query leaves them out. */
  readonly damaged: number;
  readonly bytesOnDisk: number;
  readonly channels: number;
  /** Why nothing reaches the disk now. */
  readonly fault: CarportError | undefined;
  /** Databases that were damaged or too new and lie beside the one in use. */
  readonly setAside: readonly string[];
}

/** Full-rate history. One thin interface, so that another database can stand behind it. */
export interface SeriesStore {
  /** Takes a batch into memory; never blocks on the disk for longer than one flush, never throws on data. */
  append(device: DeviceId, vehicle: VehicleId | undefined, batch: Batch): void;
  /** Brings everything appended so far to the disk. Where that fails it waits in memory: `counters().fault` says why. */
  flush(): void;
  channels(): readonly Channel[];
  /**
   * Every sample in the range, unflushed ones included; samples of the same time are all there. Throws
   * STORE_RANGE_TOO_LARGE above `limit` (default 1,000,000) samples.
   */
  read(query: SeriesQuery, limit?: number): Samples;
  /** At most `buckets` buckets over the range. Wide ranges decode no chunk that lies within one bucket. */
  downsample(query: SeriesQuery, buckets: number): Buckets;
  counters(): StoreCounters;
  /** Flushes, seals and closes. Idempotent. */
  close(): void;
}
