import { setImmediate } from "node:timers/promises";
import { type Batch, BatchBuilder } from "#domain/batch.ts";
import type { Chemistry } from "#domain/battery-chemistry.ts";
import type { Clock } from "#domain/clock.ts";
import { type DeviceId, type SignalKey, signalKey, type VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import type { Samples, SeriesStore } from "#store/series-store.ts";
import { type BatteryHealth, batteryHealth } from "./health.ts";
import * as known from "./signals.ts";

const DAY = 86_400_000;
/** How far back a trend is looked for. */
const REACH_MS = 30 * DAY;
/** Resting voltages move by the day. */
const INTERVAL_MS = 10 * 60_000;
/** What comes together is looked at together. */
const SETTLE_MS = 5_000;
/** Samples of longer ago are a monitor's memory, which may change everything. */
const PAST_MS = 3_600_000;

const VOLTAGE = signalKey("voltage");
const TEMPERATURE = signalKey("temperature");
const CRANK_VOLTAGE = signalKey("crank_voltage");

/** A battery that a device watches. */
export interface WatchedBattery {
  /** The vehicle it is in: readings from another one are another battery's. */
  readonly vehicle: VehicleId | undefined;
  readonly chemistry: Chemistry;
  /** °C at which it must start; without it, the coldest of the last day. */
  readonly startTemperature?: number | undefined;
}

export interface WatchOptions {
  readonly store: Pick<SeriesStore, "read">;
  /** Undefined for a device that watches none. */
  readonly battery: (device: DeviceId) => WatchedBattery | undefined;
  /** Takes what was found out: samples of `signals`. */
  readonly derive: (device: DeviceId, batch: Batch) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Finds out how each battery is whenever there is news of it: every ten minutes at most, and when its past has come in. */
export class BatteryHealthWatch {
  readonly #options: WatchOptions;
  /** Monotonic ms when each device was last looked at. */
  readonly #lastLook = new Map<DeviceId, number>();
  /** Devices that are to be looked at; to abort is to do it now. */
  readonly #waiting = new Map<DeviceId, AbortController>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Samples of a device came, and are in the store. */
  notice(device: DeviceId, batch: Batch): void {
    const { clock, battery } = this.#options;
    if (!batch.signals.some(({ key }) => key === VOLTAGE) || battery(device) === undefined) return;
    const isPast = (batch.times[0] ?? 0) < clock.now() - PAST_MS;
    if (isPast) this.#lastLook.delete(device);
    const waiting = this.#waiting.get(device);
    if (waiting === undefined) void this.#lookLater(device);
    else if (isPast) waiting.abort();
  }

  async #lookLater(device: DeviceId): Promise<void> {
    const { clock, signal, log } = this.#options;
    const soon = new AbortController();
    this.#waiting.set(device, soon);
    const due = (this.#lastLook.get(device) ?? Number.NEGATIVE_INFINITY) + INTERVAL_MS;
    await clock.sleep(Math.max(SETTLE_MS, due - clock.monotonic()), AbortSignal.any([signal, soon.signal]));
    // Fifty batteries that are due together do not hold up everything else.
    await setImmediate();
    this.#waiting.delete(device);
    if (signal.aborted) return;
    this.#lastLook.set(device, clock.monotonic());
    try {
      this.#look(device);
    } catch (error) {
      log.error(`${device}: its battery could not be judged`, { error });
    }
  }

  #look(device: DeviceId): void {
    const { clock, battery, derive } = this.#options;
    const watched = battery(device);
    if (watched === undefined) return;
    const now = clock.now();
    const { vehicle, chemistry } = watched;
    const read = (signal: SignalKey, reach: number): Samples =>
      this.#options.store.read({ device, signal, ...(vehicle && { vehicle }), from: now - reach, to: now + 1 });
    const voltage = read(VOLTAGE, REACH_MS);
    const newest = voltage.times.at(-1);
    if (newest === undefined) return;
    const health = batteryHealth(
      {
        chemistry,
        voltage,
        lastTrend: read(known.voltageTrend.key, REACH_MS).values.at(-1),
        startTemperature: watched.startTemperature ?? coldest(read(TEMPERATURE, DAY)),
        crankVoltage: read(CRANK_VOLTAGE, REACH_MS).values.at(-1),
      },
      now,
    );
    const chargesKept = read(known.chargedMinutes.key, REACH_MS).times;
    const batch = asBatch(health, newest, (end) => chargesKept.includes(end));
    if (batch !== undefined) derive(device, batch);
  }
}

const coldest = ({ values }: Samples): number | undefined => (values.length === 0 ? undefined : Math.min(...values));

/** `isKept`: whether the charge that ended at a time has been told before. */
function asBatch(health: BatteryHealth, time: number, isKept: (end: number) => boolean): Batch | undefined {
  const { trend, untilLow, willStart, charged } = health;
  const builder = new BatchBuilder(known.signals);
  const put = (signal: (typeof known.signals)[number], value: number | boolean | undefined, at = time): void => {
    if (value === undefined) return;
    const digits = signal.type === "number" ? signal.precision + 1 : 0;
    builder.add(known.signals.indexOf(signal), at, Number(Number(value).toFixed(digits)));
  };
  put(known.restingVoltage, health.restingVoltage);
  put(known.restingCharge, health.restingCharge);
  put(known.voltageTrend, trend?.slope);
  put(known.daysUntilLow, untilLow?.days);
  put(known.daysUntilLowAtLeast, untilLow?.earliest);
  put(known.daysUntilLowAtMost, untilLow?.latest);
  put(known.low, health.low);
  put(known.draining, health.draining);
  put(known.willStart, willStart && known.verdictCodes[willStart]);
  if (charged !== undefined && !isKept(charged.to)) {
    put(known.chargedMinutes, (charged.to - charged.from) / 60_000, charged.to);
    put(known.chargedVoltage, charged.maxVoltage, charged.to);
  }
  return builder.take();
}
