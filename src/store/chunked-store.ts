import type { Batch } from "#domain/batch.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, isCarportError } from "#domain/error.ts";
import type { DeviceId, VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import { Arrivals } from "./arrivals.ts";
import { Catalogue } from "./catalogue.ts";
import { type HotRow, HotRowPacker, recoverHotRow } from "./hot-row.ts";
import { HotRows } from "./hot-rows.ts";
import { plausibleTimes } from "./plausible-times.ts";
import { BucketSink, SampleSink, type Sink } from "./query.ts";
import { scanArrivals, scanChunks, scanHotRows } from "./scan.ts";
import { Sealing } from "./sealing.ts";
import type { Buckets, Channel, Samples, SeriesQuery, SeriesStore, StoreCounters } from "./series-store.ts";
import type { Storage } from "./sqlite/storage.ts";
import { StoreFile } from "./store-file.ts";

const READ_LIMIT = 1_000_000;
const MOST_BUCKETS = 100_000;

export interface ChunkedStoreOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly flushMs: number;
  readonly sealMs: number;
}

/**
 * Samples go three steps: arrivals in memory, a compressed hot row on the disk at each flush, and chunks with statistics
 * once five minutes or a million samples are together. `docs/store.md` tells the layout and what is guaranteed.
 */
export class ChunkedStore implements SeriesStore {
  readonly #options: ChunkedStoreOptions;
  readonly #catalogue = new Catalogue();
  readonly #arrivals = new Arrivals();
  readonly #rows = new HotRows();
  readonly #packer = new HotRowPacker();
  readonly #file: StoreFile;
  readonly #sealing: Sealing;
  readonly #closing = new AbortController();
  readonly #damaged = new Set<string>();
  #recovered = 0;
  #timing = false;

  constructor(options: ChunkedStoreOptions) {
    this.#options = options;
    const { file, clock, log, sealMs } = options;
    this.#file = new StoreFile({
      file,
      clock,
      log,
      catalogue: this.#catalogue,
      opened: (storage) => this.#recover(storage),
      lost: () => {
        this.#catalogue.forgetIds();
        this.#rows.forgetIds();
      },
    });
    this.#sealing = new Sealing({
      rows: this.#rows,
      file: this.#file,
      clock,
      sealMs,
      damaged: (row, error) => this.#reportDamage(`hot ${row.id}`, error),
    });
  }

  /** Opens the database; where that fails, samples wait in memory until it can be opened. */
  start(): void {
    this.#file.attempt(() => {});
    this.#startTimer();
  }

  append(device: DeviceId, vehicle: VehicleId | undefined, batch: Batch): void {
    if (this.#closing.signal.aborted) return;
    const arrivals = this.#arrivals;
    const slots = this.#catalogue.bind(device, vehicle, batch.signals);
    const { from, to } = plausibleTimes(this.#options.clock.now());
    let row = arrivals.add(batch, 0, slots, from, to);
    while (arrivals.full) {
      this.#flushAndSeal();
      row = arrivals.add(batch, row, slots, from, to);
    }
    this.#startTimer();
  }

  flush(): void {
    if (this.#closing.signal.aborted) return;
    this.#pack();
    this.#write();
  }

  channels(): readonly Channel[] {
    this.#catalogue.observe(this.#arrivals, this.#horizon());
    return this.#catalogue.channels();
  }

  read(query: SeriesQuery, limit = READ_LIMIT): Samples {
    const sink = new SampleSink(query, limit);
    this.#scan(query, sink);
    return sink.result();
  }

  downsample(query: SeriesQuery, buckets: number): Buckets {
    const { from, to } = plausibleTimes(Number.POSITIVE_INFINITY);
    const range = { ...query, from: Math.max(query.from, from), to: Math.min(query.to, to) };
    const sink = new BucketSink(range, Math.min(Math.max(1, buckets), MOST_BUCKETS));
    this.#scan(range, sink);
    return sink.result();
  }

  counters(): StoreCounters {
    const appended = this.#arrivals.taken + this.#recovered;
    const waiting = this.#arrivals.count + this.#rows.waitingSamples;
    const { dropped } = this.#rows;
    return {
      appended,
      stored: appended - waiting - dropped,
      waiting,
      dropped,
      rejected: this.#arrivals.rejected,
      damaged: this.#damaged.size,
      bytesOnDisk: this.#file.storage?.database.size() ?? 0,
      channels: this.#catalogue.series.length,
      fault: this.#file.fault,
      setAside: this.#file.setAside,
    };
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.flush();
    this.#closing.abort();
    try {
      this.#sealing.sealAll();
    } finally {
      this.#file.close();
    }
    const lost = this.#rows.waitingSamples;
    if (lost > 0) this.#options.log.error(`${lost} samples could not be saved before the end`);
  }

  #recover(storage: Storage): void {
    const byId = new Map(this.#catalogue.series.map((series) => [series.id, series]));
    const rows: HotRow[] = [];
    for (const stored of storage.hotRows()) {
      try {
        rows.push(recoverHotRow(stored, byId, this.#horizon()));
      } catch (error) {
        this.#reportDamage(`hot ${stored.id}`, error);
      }
    }
    const recovered = this.#rows.recover(rows);
    this.#recovered += recovered;
    if (recovered > 0) this.#options.log.info(`${recovered} samples recovered that had not been sealed`);
  }

  #pack(): void {
    const arrivals = this.#arrivals;
    if (arrivals.count === 0) return;
    const { clock } = this.#options;
    try {
      this.#rows.add(this.#packer.pack(arrivals, this.#catalogue, clock.monotonic(), this.#horizon()));
    } catch (error) {
      this.#rows.dropped += arrivals.count;
      this.#file.failed(error);
    }
    arrivals.count = 0;
  }

  #write(): void {
    if (this.#rows.waiting.length === 0 && this.#file.storage !== undefined) return;
    this.#file.attempt((storage) => {
      storage.write(this.#catalogue, this.#rows.waiting);
      storage.database.sync((error) => this.#file.failed(error));
    });
  }

  /** Runs while anything is in memory or not sealed; a store that gets nothing sleeps. */
  async #runTimer(): Promise<void> {
    const { clock, flushMs } = this.#options;
    const { signal } = this.#closing;
    this.#timing = true;
    while (this.#arrivals.count > 0 || this.#rows.all.length > 0 || this.#file.storage === undefined) {
      await clock.sleep(flushMs, signal);
      if (signal.aborted) return;
      this.#flushAndSeal();
    }
    this.#timing = false;
  }

  #startTimer(): void {
    if (!this.#timing) void this.#runTimer();
  }

  #flushAndSeal(): void {
    this.flush();
    this.#sealing.sealIfDue();
  }

  #scan(query: SeriesQuery, sink: Sink): void {
    const { device, signal, vehicle, from, to } = query;
    const series = this.#catalogue.find(device, signal, vehicle);
    const damaged = (piece: string, error: unknown) => this.#reportDamage(piece, error);
    const scan = { series, from, to, sink, damaged };
    const { storage } = this.#file;
    try {
      if (storage !== undefined) scanChunks(scan, storage.chunks);
    } catch (error) {
      if (isCarportError(error)) throw error;
      throw new CarportError("STORE_READ_FAILED", this.#options.file, { cause: error });
    }
    scanHotRows(scan, this.#rows.all);
    scanArrivals(scan, this.#arrivals);
  }

  #reportDamage(piece: string, cause: unknown): void {
    if (this.#damaged.has(piece)) return;
    this.#damaged.add(piece);
    const { file, log } = this.#options;
    const { message, nextStep } = new CarportError("STORE_READ_FAILED", `${file}, ${piece}`);
    log.error(message, { nextStep, error: cause });
  }

  #horizon(): number {
    return plausibleTimes(this.#options.clock.now()).to;
  }
}
