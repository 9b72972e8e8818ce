import { join } from "node:path";
import type { Clock } from "#domain/clock.ts";
import type { Log } from "#domain/log.ts";
import { ChunkedStore } from "./chunked-store.ts";
import type { SeriesStore } from "./series-store.ts";

export interface StoreOptions {
  /** Created when it does not exist; the store's file in it is `series.db`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest time a sample waits in memory: as much can be lost in a power cut. */
  readonly flushMs?: number;
  /** Longest time between a flush and the chunks made of it. */
  readonly sealMs?: number;
}

/**
 * Opens the full-rate history, or begins one. Never fails: where the disk cannot be used, samples wait in memory and
 * `counters().fault` says why. It ends with `close()`.
 */
export function startStore({ folder, clock, log, flushMs = 10_000, sealMs = 300_000 }: StoreOptions): SeriesStore {
  const store = new ChunkedStore({ file: join(folder, "series.db"), clock, log: log.child("store"), flushMs, sealMs });
  store.start();
  return store;
}
