import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Quantum } from "./codec/values.ts";
import type { Channel } from "./series-store.ts";

/** A device while it is bound to a vehicle. */
export interface Source {
  readonly device: DeviceId;
  readonly vehicle: VehicleId | undefined;
  readonly series: Series[];
  /** 0 until it is in the database. */
  id: number;
  /** The database does not have its signals as they are now. */
  changed: boolean;
}

/** One channel in memory. */
export interface Series {
  /** Position in the catalogue; holds from start to end of the program. */
  readonly slot: number;
  readonly source: Source;
  signal: Signal;
  /** 0 until it is in the database. */
  id: number;
  lastTime: number;
  lastValue: number;
}

/** Samples of many channels, in columns. */
interface Columns {
  readonly count: number;
  readonly slots: Uint32Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

interface Binding {
  readonly source: Source;
  signals: readonly Signal[];
  slots: Uint32Array;
}

const INTEGERS: Quantum = { scale: 1, offset: 0 };

/** How the values of a signal are quantised, as far as is known. */
export function quantumOf(signal: Signal): Quantum | undefined {
  return signal.type === "number" ? signal.quantum : INTEGERS;
}

export const unitOf = (signal: Signal): string | undefined => (signal.type === "number" ? signal.unit : undefined);

/** Values of another type or unit are not of the same series, even under the same key. */
const sameQuantity = (a: Signal, b: Signal) => a.key === b.key && a.type === b.type && unitOf(a) === unitOf(b);

function sameSignals(a: readonly Signal[], b: readonly Signal[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function observe(series: Series, time: number, value: number, horizon: number): void {
  if (time < series.lastTime && series.lastTime < horizon) return;
  series.lastTime = time;
  series.lastValue = value;
}

/** All channels the store knows, in memory. */
export class Catalogue {
  readonly series: Series[] = [];
  readonly sources: Source[] = [];
  readonly #bindings = new Map<string, Binding>();

  /** The slot of each of a device's signals; unknown ones are entered. */
  bind(device: DeviceId, vehicle: VehicleId | undefined, signals: readonly Signal[]): Uint32Array {
    const binding = this.#binding(device, vehicle);
    if (!sameSignals(binding.signals, signals)) {
      binding.slots = Uint32Array.from(signals, (signal) => this.#enter(binding.source, signal).slot);
      binding.signals = [...signals];
    }
    return binding.slots;
  }

  /** Enters what a database knows; a signal that is already here stays as it is. One series per signal, in order. */
  load(id: number, device: DeviceId, vehicle: VehicleId | undefined, signals: readonly Signal[]): readonly Series[] {
    const { source } = this.#binding(device, vehicle);
    source.changed = source.series.length > 0;
    source.id = id;
    return signals.map((signal) => this.#find(source, signal) ?? this.#add(source, signal));
  }

  /** Keeps the newest sample of each channel; one ahead of the `horizon` is of a wrong clock and gives way to any. */
  observe({ slots, times, values, count }: Columns, horizon: number): void {
    for (let i = 0; i < count; i++) {
      const series = this.series[slots[i] ?? -1];
      if (series !== undefined) observe(series, times[i] ?? 0, values[i] ?? 0, horizon);
    }
  }

  /** The channels a query is about: those of the newest type and unit under the key. */
  find(device: DeviceId, key: SignalKey, vehicle?: VehicleId): readonly Series[] {
    const found: Series[] = [];
    for (const source of this.sources) {
      if (source.device !== device || (vehicle !== undefined && source.vehicle !== vehicle)) continue;
      for (const series of source.series) if (series.signal.key === key) found.push(series);
    }
    const newest = found.reduce<Series | undefined>((a, b) => (a && a.lastTime > b.lastTime ? a : b), undefined);
    return newest === undefined ? [] : found.filter(({ signal }) => sameQuantity(signal, newest.signal));
  }

  channels(): readonly Channel[] {
    return this.series.map(({ source: { device, vehicle }, signal, lastTime, lastValue }) => ({
      device,
      vehicle,
      signal,
      last: lastTime < 0 ? undefined : { time: lastTime, value: lastValue },
    }));
  }

  /** Nothing is in the database any more: it is another one. */
  forgetIds(): void {
    for (const source of this.sources) {
      source.id = 0;
      source.changed = true;
    }
    for (const series of this.series) series.id = 0;
  }

  #binding(device: DeviceId, vehicle: VehicleId | undefined): Binding {
    // A blank is in no id.
    const name = `${device} ${vehicle ?? ""}`;
    const known = this.#bindings.get(name);
    if (known !== undefined) return known;
    const source: Source = { device, vehicle, series: [], id: 0, changed: true };
    this.sources.push(source);
    const binding: Binding = { source, signals: [], slots: new Uint32Array() };
    this.#bindings.set(name, binding);
    return binding;
  }

  #find(source: Source, signal: Signal): Series | undefined {
    return source.series.find((series) => sameQuantity(series.signal, signal));
  }

  #enter(source: Source, signal: Signal): Series {
    const known = this.#find(source, signal);
    if (known !== undefined) {
      if (known.signal !== signal && JSON.stringify(known.signal) !== JSON.stringify(signal)) source.changed = true;
      known.signal = signal;
      return known;
    }
    source.changed = true;
    return this.#add(source, signal);
  }

  #add(source: Source, signal: Signal): Series {
    const series: Series = { slot: this.series.length, source, signal, id: 0, lastTime: -1, lastValue: 0 };
    this.series.push(series);
    source.series.push(series);
    return series;
  }
}
