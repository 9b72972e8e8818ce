import { type Batch, BatchBuilder } from "#domain/batch.ts";
import { chargingVoltage } from "#domain/battery-chemistry.ts";
import type { HistoryRecord } from "#protocols/leagend/history.ts";
import type { BatteryReading } from "#protocols/leagend/reading.ts";
import type { BatteryMonitorSettings } from "./settings.ts";
import * as known from "./signals.ts";
import { pathCodes, type ReadingPath, signals, stateCodes } from "./signals.ts";

/** Thirty days of records, with all that a record may hold. */
const CAPACITY = 100_000;

type Calibration = Pick<BatteryMonitorSettings, "chemistry" | "voltageOffset" | "temperatureOffset">;

/** Turns what a monitor says into samples, calibrated as the owner set. */
export class ReadingLog {
  readonly #calibration: Calibration;
  readonly #builder = new BatchBuilder(signals, CAPACITY);

  constructor(calibration: Calibration) {
    this.#calibration = calibration;
  }

  /**
   * What is true now. An advert may lack the voltage, and never tells the state: then the voltage alone says whether the
   * battery is being charged.
   */
  reading(time: number, reading: Partial<BatteryReading>, path: ReadingPath, rssi?: number): void {
    const { voltage, stateOfCharge, state } = reading;
    this.#measured(time, reading);
    this.#add(known.stateOfCharge, time, stateOfCharge);
    this.#add(known.batteryState, time, state && stateCodes[state]);
    if (state !== undefined) this.#add(known.charging, time, state === "charging" || state === "floating" ? 1 : 0);
    else if (voltage !== undefined) {
      const volts = voltage + this.#calibration.voltageOffset;
      this.#add(known.charging, time, volts >= chargingVoltage(this.#calibration.chemistry) ? 1 : 0);
    }
    this.#add(known.readingPath, time, pathCodes[path]);
    this.#add(known.rssi, time, rssi);
  }

  /** What the monitor remembers of a time that has passed. */
  record(time: number, record: HistoryRecord): void {
    this.#measured(time, record);
    this.#add(known.stateOfCharge, time, record.stateOfCharge);
  }

  /** How far the voltage fell while the engine was started. */
  crank(time: number, lowest: number): void {
    this.#add(known.crankVoltage, time, this.#volts(lowest));
  }

  take(): Batch | undefined {
    return this.#builder.take();
  }

  #measured(time: number, { voltage, temperature }: Pick<Partial<BatteryReading>, "voltage" | "temperature">): void {
    if (voltage !== undefined) this.#add(known.voltage, time, this.#volts(voltage));
    if (temperature === undefined) return;
    this.#add(known.temperature, time, Math.round((temperature + this.#calibration.temperatureOffset) * 10) / 10);
  }

  #volts(measured: number): number {
    return Math.round((measured + this.#calibration.voltageOffset) * 100) / 100;
  }

  #add(signal: (typeof signals)[number], time: number, value: number | undefined): void {
    if (value !== undefined) this.#builder.add(signals.indexOf(signal), time, value);
  }
}
