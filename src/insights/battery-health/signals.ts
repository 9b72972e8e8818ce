import { signalKey } from "#domain/ids.ts";
import type { BooleanSignal, EnumSignal, NumberSignal, Signal } from "#domain/signal.ts";
import type { StartVerdict } from "./starting.ts";

const base = { group: "12v", subject: "vehicle", report: { deadBand: 0, minIntervalMs: 0 } } as const;

interface Look {
  readonly deviceClass?: string;
  readonly icon?: string;
  readonly enabled?: boolean;
}

const quantity = (key: string, name: string, unit: string, precision: number, look: Look): NumberSignal => ({
  ...base,
  key: signalKey(key),
  name,
  type: "number",
  unit,
  precision,
  presentation: { enabled: true, ...look, stateClass: "measurement" },
});

const flag = (key: string, name: string, deviceClass: string): BooleanSignal => ({
  ...base,
  key: signalKey(key),
  name,
  type: "boolean",
  presentation: { deviceClass, enabled: true },
});

export const restingVoltage = quantity("resting_voltage", "Resting voltage", "V", 2, { deviceClass: "voltage" });
/** From the resting voltage, by the battery's chemistry. */
export const restingCharge = quantity("resting_charge", "Charge at rest", "%", 0, {
  deviceClass: "battery",
  enabled: false,
});
/** Into the battery is positive: a drain is below zero. */
export const voltageTrend = quantity("voltage_trend", "Voltage trend", "V/d", 3, { icon: "mdi:trending-down" });
const DAYS = { deviceClass: "duration", icon: "mdi:calendar-clock" } as const;
export const daysUntilLow = quantity("days_until_low", "Days until 12 V", "d", 0, DAYS);
export const daysUntilLowAtLeast = quantity("days_until_low_at_least", "Days until 12 V at least", "d", 0, {
  ...DAYS,
  enabled: false,
});
export const daysUntilLowAtMost = quantity("days_until_low_at_most", "Days until 12 V at most", "d", 0, {
  ...DAYS,
  enabled: false,
});
export const low = flag("battery_low", "Battery low", "battery");
export const draining = flag("battery_draining", "Battery draining", "problem");

export const verdictCodes: Readonly<Record<StartVerdict, number>> = { yes: 0, probably: 1, doubtful: 2, no: 3 };
export const willStart: EnumSignal = {
  ...base,
  key: signalKey("will_start"),
  name: "Will it start",
  type: "enum",
  states: { 0: "Yes", 1: "Probably", 2: "Doubtful", 3: "No" },
  presentation: { icon: "mdi:engine", enabled: true },
};

/** These two at the time the session ended. */
export const chargedMinutes = quantity("charged_minutes", "Last charge", "min", 0, { deviceClass: "duration" });
export const chargedVoltage = quantity("charged_voltage", "Last charge voltage", "V", 2, {
  deviceClass: "voltage",
  enabled: false,
});

/** In the order of their places in a batch. */
export const signals = [
  restingVoltage,
  restingCharge,
  voltageTrend,
  daysUntilLow,
  daysUntilLowAtLeast,
  daysUntilLowAtMost,
  low,
  draining,
  willStart,
  chargedMinutes,
  chargedVoltage,
] as const satisfies readonly Signal[];
