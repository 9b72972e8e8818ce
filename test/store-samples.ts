import { type Batch, BatchBuilder } from "#domain/batch.ts";
import type { Signal } from "#domain/signal.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { startStore } from "#store/start-store.ts";
import { can0, charging, quantity } from "./household.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLog } from "./memory-garage.ts";

export const START = Date.UTC(2026, 5, 1, 12);
export const MINUTE = 60_000;
export const voltage = quantity("pack_voltage", { unit: "V", quantum: { scale: 0.5, offset: 0 } });
export const current = quantity("pack_current", { unit: "A", quantum: { scale: -0.5, offset: 0 } });

export function openStore(folder: string, clock = new ManualClock(START)): SeriesStore {
  return startStore({ folder, clock, log: silentLog });
}

/** Rows of the index of a signal, a time and a value. */
export function rows(signals: readonly Signal[], rows: readonly (readonly [number, number, number])[]): Batch {
  const columns = [0, 1, 2].map((column) => rows.map((row) => row[column] ?? Number.NaN));
  const [index = [], times = [], values = []] = columns;
  return {
    signals,
    count: rows.length,
    index: Uint16Array.from(index),
    times: Float64Array.from(times),
    values: Float64Array.from(values),
  };
}

/** All of a signal, as pairs. */
export function all(store: SeriesStore, signal: Signal = voltage, range: { from?: number; to?: number } = {}) {
  const query = { device: can0, signal: signal.key, from: 0, to: Date.UTC(2060, 0, 1), ...range };
  const { times, values } = store.read(query);
  return Array.from(times, (time, i) => [time, values[i] ?? Number.NaN]);
}

/** A drive: three signals of one frame every 10 ms. */
export function drive(count: number, start = START): Batch {
  const signals = [voltage, current, charging];
  const builder = new BatchBuilder(signals, 3 * count);
  for (let i = 0; i < count; i++) {
    builder.add(0, start + i * 10, 380 + (i % 7) * 0.5);
    builder.add(1, start + i * 10, -(i % 40) * 0.5);
    builder.add(2, start + i * 10, i & 1);
  }
  return builder.take() ?? rows(signals, []);
}
