import { isDeepStrictEqual } from "node:util";
import type { DeviceOutput } from "#devices/device-kind.ts";
import type { Batch } from "#domain/batch.ts";
import type { Clock } from "#domain/clock.ts";
import type { Device, DeviceIdentity, DeviceRecord, DeviceState } from "#domain/device.ts";
import type { CarportError } from "#domain/error.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Latest } from "./garage.ts";

/** What the store remembers of a device: one of its signals while it was in a vehicle, and the newest sample. */
export interface Remembered {
  readonly device: DeviceId;
  readonly vehicle: VehicleId | undefined;
  readonly signal: Signal;
  readonly last: { readonly time: number; readonly value: number } | undefined;
}

type Counters = Readonly<Record<string, number>>;

/** A sample from further ahead was stamped by a wrong clock: the next one replaces it, whatever its time. */
const FUTURE_MS = 60_000;

/** What is true of a device now: state, signals, newest values, counters. Methods return whether that is worth telling. */
export class LiveDevice {
  readonly #clock: Clock;
  readonly #latest = new Map<SignalKey, Latest>();
  readonly #totals = { opened: 0, failures: 0, abandoned: 0, throttled: 0, samples: 0, invalid: 0 };
  #record: DeviceRecord;
  #state: DeviceState = "configured";
  #since: number;
  #fault: CarportError | undefined;
  #lastSeen: number | undefined;
  #identity: DeviceIdentity = {};
  #signals: readonly Signal[] = [];
  /** The device counts anew each time it is opened: what it counted before. */
  #countedBefore: Counters = {};
  #counted: Counters = {};
  /** For `take`: the row of each signal's newest value in the batch. */
  #newestRow = new Int32Array(0);

  constructor(record: DeviceRecord, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
    this.#since = clock.now();
  }

  get record(): DeviceRecord {
    return this.#record;
  }

  get state(): DeviceState {
    return this.#state;
  }

  get latest(): ReadonlyMap<SignalKey, Latest> {
    return this.#latest;
  }

  /** A picture of now; it does not change afterwards. */
  get device(): Device {
    const fault = this.#fault;
    return {
      record: this.#record,
      status: {
        state: this.#state,
        since: this.#since,
        ...(fault && { fault: { code: fault.code, message: fault.message, nextStep: fault.nextStep } }),
        ...(this.#lastSeen !== undefined && { lastSeen: this.#lastSeen }),
        identity: this.#identity,
        signals: this.#signals,
        counters: { ...sum(this.#countedBefore, this.#counted), ...this.#totals },
      },
    };
  }

  /** The owner changed it. Values measured in one vehicle are not those of the next; what it can measure stays. */
  setRecord(record: DeviceRecord): void {
    if (record.vehicle !== this.#record.vehicle) {
      this.#latest.clear();
      this.#lastSeen = undefined;
    }
    this.#record = record;
  }

  /** After a restart: a parked car still has its entities and its values, with their true age. */
  restore({ signal, vehicle, last }: Remembered): void {
    this.#signals = [...this.#signals.filter(({ key }) => key !== signal.key), signal];
    if (last !== undefined && vehicle === this.#record.vehicle) this.#setLatest(signal, last.value, last.time);
  }

  setState(state: DeviceState, fault?: CarportError): boolean {
    if (state === this.#state && fault?.message === this.#fault?.message) return false;
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#fault = fault;
    return true;
  }

  /** It is opened (again). */
  open(): boolean {
    this.#totals.opened++;
    this.#countedBefore = sum(this.#countedBefore, this.#counted);
    this.#counted = {};
    return this.setState("connecting");
  }

  count(event: "failures" | "abandoned" | "throttled"): void {
    this.#totals[event]++;
  }

  /** Samples that Carport computed from the device's own: they say nothing about its link. */
  derive(batch: Batch): boolean {
    return this.#takeBatch(batch);
  }

  take(output: DeviceOutput): boolean {
    const connected = this.#state === "connecting" && output.type !== "state" && this.setState("connected");
    return this.#take(output) || connected;
  }

  #take(output: DeviceOutput): boolean {
    switch (output.type) {
      case "batch":
        return this.#takeBatch(output.batch);
      case "identity": {
        if (isDeepStrictEqual(output.identity, this.#identity)) return false;
        this.#identity = output.identity;
        return true;
      }
      case "state":
        return this.setState(output.state, output.state === "disconnected" ? output.fault : undefined);
      case "counters":
        this.#counted = output.counters;
        return false;
    }
  }

  #takeBatch({ signals, count, index, times, values }: Batch): boolean {
    if (this.#newestRow.length < signals.length) this.#newestRow = new Int32Array(signals.length);
    const newestRow = this.#newestRow.fill(-1);
    for (let row = 0; row < count; row++) {
      const at = index[row] ?? signals.length;
      const best = newestRow[at] ?? -1;
      if (!Number.isFinite(values[row]) || !Number.isFinite(times[row])) this.#totals.invalid++;
      else if (best < 0 || (times[row] ?? 0) >= (times[best] ?? 0)) newestRow[at] = row;
    }
    this.#totals.samples += count;
    let changed = false;
    for (const [at, signal] of signals.entries()) {
      const row = newestRow[at] ?? -1;
      if (row < 0) continue;
      changed = this.#noteSignal(signal) || changed;
      this.#setLatest(signal, values[row] ?? 0, times[row] ?? 0);
    }
    return changed;
  }

  /** True when the signal is new or described otherwise than before. */
  #noteSignal(signal: Signal): boolean {
    const known = this.#latest.get(signal.key)?.signal ?? this.#signals.find(({ key }) => key === signal.key);
    if (known === signal || (known !== undefined && isDeepStrictEqual(known, signal))) return false;
    this.#signals = [...this.#signals.filter(({ key }) => key !== signal.key), signal];
    return true;
  }

  #setLatest(signal: Signal, value: number, time: number): void {
    const now = this.#clock.now();
    const previous = this.#latest.get(signal.key);
    if (isNewer(time, previous?.time, now)) this.#latest.set(signal.key, { signal, value, time });
    if (isNewer(time, this.#lastSeen, now)) this.#lastSeen = time;
  }
}

const isNewer = (time: number, than: number | undefined, now: number): boolean =>
  than === undefined || time >= than || than > now + FUTURE_MS;

const sum = (a: Counters, b: Counters): Counters =>
  Object.fromEntries([...Object.keys(a), ...Object.keys(b)].map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
