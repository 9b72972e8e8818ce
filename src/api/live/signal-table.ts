import type { Batch } from "#domain/batch.ts";
import type { Device } from "#domain/device.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Latest } from "#hub/garage.ts";
import type { SignalsFrame, ValuesFrame } from "../contract/live.ts";
import { describeSignal } from "../contract/signal.ts";

/** A value that stays the same is news again after this time: it is fresh, and a page shows its age. */
const REPEAT_MS = 1_000;

/**
 * Newest value of each signal of one device, with the tick it came in. However many pages look, a sample is touched once
 * here, and a frame is encoded once per tick for all that want the same.
 */
export class SignalTable {
  readonly #device: DeviceId;
  /** That the values are of. */
  readonly vehicle: VehicleId | undefined;
  readonly #signals: Signal[] = [];
  readonly #slots = new Map<SignalKey, number>();
  readonly #frames = new Map<number, Buffer | undefined>();
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  /** Tick (0: none yet) and sample time at which a slot last had something to tell. */
  #changed = new Float64Array(64);
  #told = new Float64Array(64);
  #batchSignals: readonly Signal[] = [];
  #batchSlots = new Uint16Array(0);
  #definitions: Buffer | undefined;
  #definedAt = 0;
  #changedAt = 0;

  constructor(device: DeviceId, vehicle: VehicleId | undefined) {
    this.#device = device;
    this.vehicle = vehicle;
  }

  /** Tick of the last change of the definitions; 0: there are none. */
  get definedAt(): number {
    return this.#definedAt;
  }

  /** What the hub knows already, so that a page opened on a sleeping car shows its last words. */
  seed(device: Device, latest: ReadonlyMap<SignalKey, Latest>, tick: number): void {
    this.define(device.status.signals, tick);
    for (const { signal, time, value } of latest.values()) this.#set(this.#slot(signal, tick), time, value, tick);
  }

  define(signals: readonly Signal[], tick: number): void {
    for (const signal of signals) this.#slot(signal, tick);
  }

  add(batch: Batch, tick: number): void {
    if (batch.signals !== this.#batchSignals) {
      this.#batchSlots = Uint16Array.from(batch.signals, (signal) => this.#slot(signal, tick));
      this.#batchSignals = batch.signals;
    }
    const slots = this.#batchSlots;
    const { index, times, values, count } = batch;
    for (let row = 0; row < count; row++) {
      // The columns are `count` long: the fallbacks only satisfy the compiler.
      this.#set(slots[index[row] ?? 0] ?? 0, times[row] ?? 0, values[row] ?? 0, tick);
    }
  }

  /** The definitions as a frame. */
  definitions(time: number): Buffer {
    this.#definitions ??= encode({
      type: "signals",
      time,
      device: this.#device,
      signals: this.#signals.map(describeSignal),
    });
    return this.#definitions;
  }

  /** Frame of the values that came after tick `since`; undefined when there are none. Same `since`, same frame. */
  valuesSince(since: number, time: number): Buffer | undefined {
    if (this.#changedAt <= since) return undefined;
    if (this.#frames.has(since)) return this.#frames.get(since);
    const values: number[] = [];
    for (let slot = 0; slot < this.#signals.length; slot++) {
      if ((this.#changed[slot] ?? 0) > since) {
        values.push(slot, Math.round((this.#times[slot] ?? 0) - time), this.#values[slot] ?? 0);
      }
    }
    const frame = encode({ type: "values", time, device: this.#device, values });
    this.#frames.set(since, frame);
    return frame;
  }

  /** To be called at the end of a tick: the next one's frames carry another time. */
  endTick(): void {
    this.#frames.clear();
    this.#definitions = undefined;
  }

  #set(slot: number, time: number, value: number, tick: number): void {
    if (!Number.isFinite(value)) return;
    const news =
      this.#changed[slot] === 0 ||
      value !== this.#values[slot] ||
      Math.abs(time - (this.#told[slot] ?? 0)) >= REPEAT_MS;
    this.#times[slot] = time;
    this.#values[slot] = value;
    if (!news) return;
    this.#told[slot] = time;
    this.#changed[slot] = tick;
    this.#changedAt = tick;
  }

  #slot(signal: Signal, tick: number): number {
    const known = this.#slots.get(signal.key);
    if (known !== undefined && this.#signals[known] === signal) return known;
    const slot = known ?? this.#signals.length;
    if (slot === this.#times.length) this.#grow();
    this.#slots.set(signal.key, slot);
    this.#signals[slot] = signal;
    this.#definitions = undefined;
    this.#definedAt = tick;
    return slot;
  }

  #grow(): void {
    const grown = (column: Float64Array) => {
      const longer = new Float64Array(column.length * 2);
      longer.set(column);
      return longer;
    };
    this.#times = grown(this.#times);
    this.#values = grown(this.#values);
    this.#changed = grown(this.#changed);
    this.#told = grown(this.#told);
  }
}

const encode = (frame: SignalsFrame | ValuesFrame): Buffer => Buffer.from(JSON.stringify(frame));
