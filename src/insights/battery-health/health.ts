import { type Chemistry, stateOfCharge } from "#domain/battery-chemistry.ts";
import type { Samples } from "#store/series-store.ts";
import { type ChargingSession, chargingSessions } from "./charging-sessions.ts";
import { type Drain, daysUntil, drain, type Forecast, HORIZON_DAYS } from "./drain.ts";
import { restingHours, restingVoltage } from "./rest.ts";
import { type StartVerdict, willItStart } from "./starting.ts";

/** At this voltage a lead-acid battery should have been charged. */
const LOW_VOLTAGE = 12.0;
/** % at which it is low, whatever its chemistry. */
const LOW_CHARGE = 25;
/** V per day. A parked car's own electronics take a fifth of this. */
const HARMFUL_DRAIN = -0.05;

export interface BatteryPast {
  readonly chemistry: Chemistry;
  /** V, in time order. */
  readonly voltage: Samples;
  /** V per day, from before the last charge: used until there is a new one. */
  readonly lastTrend: number | undefined;
  /** °C at which it must start; undefined where nobody knows. */
  readonly startTemperature: number | undefined;
  /** V, the lowest while last cranking. */
  readonly crankVoltage: number | undefined;
}

/** What an owner wants to know. What cannot be told yet is absent. */
export interface BatteryHealth {
  readonly restingVoltage: number | undefined;
  /** %. */
  readonly restingCharge: number | undefined;
  readonly trend: Drain | undefined;
  /** A year stands for a year and more, and for a voltage that holds. */
  readonly untilLow: Forecast | undefined;
  readonly low: boolean | undefined;
  readonly draining: boolean;
  readonly willStart: StartVerdict | undefined;
  /** The last one that is over. */
  readonly charged: ChargingSession | undefined;
}

export function batteryHealth(past: BatteryPast, now: number): BatteryHealth {
  const { chemistry, voltage, lastTrend, startTemperature, crankVoltage } = past;
  const sessions = chargingSessions(voltage, chemistry);
  const hours = restingHours(voltage, sessions);
  const resting = restingVoltage(hours, now);
  const trend = drain(hours);
  const expected =
    trend ?? (lastTrend === undefined ? undefined : { slope: lastTrend, low: lastTrend, high: lastTrend });
  const charge = resting === undefined ? undefined : stateOfCharge(chemistry, resting);
  return {
    restingVoltage: resting,
    restingCharge: charge,
    trend,
    untilLow: resting === undefined || expected === undefined ? undefined : untilLow(resting, expected),
    low: charge === undefined ? undefined : charge <= LOW_CHARGE,
    draining: trend !== undefined && trend.slope <= HARMFUL_DRAIN && trend.high < 0,
    willStart:
      resting === undefined || startTemperature === undefined
        ? undefined
        : willItStart(chemistry, resting, startTemperature, crankVoltage),
    charged: sessions.findLast(({ open }) => !open),
  };
}

const untilLow = (resting: number, trend: Drain): Forecast =>
  daysUntil(LOW_VOLTAGE, resting, trend) ?? { days: HORIZON_DAYS, earliest: HORIZON_DAYS, latest: undefined };
