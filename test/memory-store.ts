import type { Batch } from "#domain/batch.ts";
import type { DeviceId, VehicleId } from "#domain/ids.ts";
import type { Buckets, Channel, Samples, SeriesQuery, SeriesStore } from "#store/series-store.ts";

interface Series extends Channel {
  readonly samples: { time: number; value: number }[];
}

/** The store's contract in plain arrays, for tests that are not about the store. */
export class MemoryStore implements SeriesStore {
  readonly #series: Series[] = [];
  #appended = 0;

  append(device: DeviceId, vehicle: VehicleId | undefined, batch: Batch): void {
    for (let row = 0; row < batch.count; row++) {
      const signal = batch.signals[batch.index[row] ?? 0];
      if (!signal) continue;
      let series = this.#series.find(
        (each) => each.device === device && each.signal.key === signal.key && each.vehicle === vehicle,
      );
      if (!series) {
        series = { device, vehicle, signal, last: undefined, samples: [] };
        this.#series.push(series);
      }
      series.samples.push({ time: batch.times[row] ?? 0, value: batch.values[row] ?? 0 });
      this.#appended++;
    }
  }

  read(query: SeriesQuery): Samples {
    const samples = this.#find(query);
    return {
      times: Float64Array.from(samples, ({ time }) => time),
      values: Float64Array.from(samples, ({ value }) => value),
    };
  }

  downsample(query: SeriesQuery, buckets: number): Buckets {
    const widthMs = (query.to - query.from) / buckets;
    const grouped = Map.groupBy(this.#find(query), ({ time }) => Math.floor((time - query.from) / widthMs));
    const column = (of: (values: number[]) => number) =>
      Float64Array.from(grouped.values(), (samples) => of(samples.map(({ value }) => value)));
    return {
      widthMs,
      times: Float64Array.from(grouped.keys(), (bucket) => query.from + bucket * widthMs),
      min: column((values) => Math.min(...values)),
      max: column((values) => Math.max(...values)),
      mean: column((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
      count: column((values) => values.length),
    };
  }

  channels = (): readonly Channel[] => this.#series;
  flush = (): void => undefined;
  close = (): void => undefined;
  counters = () => ({
    appended: this.#appended,
    stored: 0,
    waiting: 0,
    dropped: 0,
    rejected: 0,
    damaged: 0,
    bytesOnDisk: 0,
    fault: undefined,
    setAside: [],
    channels: this.#series.length,
  });

  #find({ device, signal, vehicle, from, to }: SeriesQuery) {
    return this.#series
      .filter((each) => each.device === device && each.signal.key === signal && (!vehicle || each.vehicle === vehicle))
      .flatMap(({ samples }) => samples.filter(({ time }) => time >= from && time < to))
      .sort((a, b) => a.time - b.time);
  }
}
