import { signalKey } from "#domain/ids.ts";
import type { BooleanSignal, EnumSignal, NumberSignal, Presentation, ReportRule, Signal } from "#domain/signal.ts";
import type { BatteryState } from "#protocols/leagend/reading.ts";

const measured = (key: string, name: string, presentation: Presentation, report: ReportRule) =>
  ({ key: signalKey(key), name, group: "12v", subject: "vehicle", type: "number", presentation, report }) as const;

/** V. */
export const voltage: NumberSignal = {
  ...measured(
    "voltage",
    "Battery voltage",
    { deviceClass: "voltage", stateClass: "measurement", enabled: true },
    { deadBand: 0.02, minIntervalMs: 30_000 },
  ),
  unit: "V",
  precision: 2,
  quantum: { scale: 0.01, offset: 0 },
};

/** °C, at the monitor. */
export const temperature: NumberSignal = {
  ...measured(
    "temperature",
    "Battery temperature",
    { deviceClass: "temperature", stateClass: "measurement", enabled: true },
    { deadBand: 1, minIntervalMs: 60_000 },
  ),
  unit: "°C",
  precision: 0,
  quantum: { scale: 0.1, offset: 0 },
};

/** %, the monitor's own estimate. */
export const stateOfCharge: NumberSignal = {
  ...measured(
    "battery_charge",
    "Battery charge",
    { deviceClass: "battery", stateClass: "measurement", enabled: true },
    { deadBand: 1, minIntervalMs: 60_000 },
  ),
  unit: "%",
  precision: 0,
  quantum: { scale: 1, offset: 0 },
};

/** V: the lowest while starting. */
export const crankVoltage: NumberSignal = {
  ...measured(
    "crank_voltage",
    "Crank voltage",
    { deviceClass: "voltage", stateClass: "measurement", icon: "mdi:engine", enabled: true },
    { deadBand: 0, minIntervalMs: 0 },
  ),
  unit: "V",
  precision: 2,
  quantum: { scale: 0.01, offset: 0 },
};

export const charging: BooleanSignal = {
  key: signalKey("charging"),
  name: "Charging",
  group: "12v",
  subject: "vehicle",
  type: "boolean",
  presentation: { deviceClass: "battery_charging", enabled: true },
  report: { deadBand: 0, minIntervalMs: 10_000 },
};

export const stateCodes: Readonly<Record<BatteryState, number>> = {
  normal: 0,
  low: 1,
  charging: 2,
  critical: 3,
  floating: 4,
};

/** As the monitor says it: by its own thresholds. */
export const batteryState: EnumSignal = {
  key: signalKey("battery_state"),
  name: "Battery state",
  group: "12v",
  subject: "vehicle",
  type: "enum",
  states: { 0: "Normal", 1: "Low", 2: "Charging", 3: "Critical", 4: "Floating" },
  presentation: { icon: "mdi:car-battery", enabled: true },
  report: { deadBand: 0, minIntervalMs: 10_000 },
};

/** dBm, of the advert that was read. */
export const rssi: NumberSignal = {
  key: signalKey("rssi"),
  name: "Signal strength",
  group: "diagnostic",
  subject: "device",
  type: "number",
  unit: "dBm",
  precision: 0,
  quantum: { scale: 1, offset: 0 },
  presentation: {
    deviceClass: "signal_strength",
    stateClass: "measurement",
    entityCategory: "diagnostic",
    enabled: false,
  },
  report: { deadBand: 3, minIntervalMs: 300_000 },
};

export const pathCodes = { advert: 0, connection: 1 } as const;
/** Which way the newest reading came. */
export type ReadingPath = keyof typeof pathCodes;

export const readingPath: EnumSignal = {
  key: signalKey("reading_path"),
  name: "Read by",
  group: "diagnostic",
  subject: "device",
  type: "enum",
  states: { 0: "Advert", 1: "Connection" },
  presentation: { entityCategory: "diagnostic", icon: "mdi:bluetooth", enabled: true },
  report: { deadBand: 0, minIntervalMs: 60_000 },
};

/** In the order of their places in a batch. */
export const signals = [
  voltage,
  stateOfCharge,
  temperature,
  charging,
  batteryState,
  crankVoltage,
  readingPath,
  rssi,
] as const satisfies readonly Signal[];
