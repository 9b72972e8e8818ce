import type { BatteryCondition } from "./battery-monitor.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** ±1, without a pattern that a person would see, and the same for the same minute. */
const flicker = (time: number): number => Math.sin((time / MINUTE) * 12.9898) * Math.cos((time / MINUTE) * 0.7233);
const hourOf = (time: number): number => (time % DAY) / HOUR;
const outside = (time: number): number => 7 + 5 * Math.sin(((hourOf(time) - 9) / 24) * 2 * Math.PI);
const charge = (volts: number, empty: number, full: number): number =>
  Math.round(Math.min(1, Math.max(0, (volts - empty) / (full - empty))) * 100);

/**
 * A van that was driven for an hour six days ago, in the morning, and every nine days; something left on takes 0.055 V a
 * day since. `now`: UTC ms, when the simulation begins.
 */
export function parkedVan(now: number): (time: number) => BatteryCondition {
  const drive = Math.floor(now / DAY) * DAY - 6 * DAY + 9 * HOUR;
  return (time) => {
    const since = (((time - drive) % (9 * DAY)) + 9 * DAY) % (9 * DAY);
    const temperature = outside(time) + (since < 3 * HOUR ? 8 : 0);
    if (since < HOUR) return { voltage: 14.28 + 0.05 * flicker(time), temperature, stateOfCharge: 95, charging: true };
    const surface = 0.3 * Math.exp(-(since - HOUR) / HOUR);
    const voltage = 12.66 - (0.055 * since) / DAY + surface + 0.01 * flicker(time);
    return { voltage, temperature, stateOfCharge: charge(voltage, 11.8, 12.85), charging: false };
  };
}

/** A boat with a solar panel, whose engine is started on the even days at noon. */
export function mooredBoat(time: number): BatteryCondition {
  const hour = hourOf(time);
  const sun = Math.max(0, Math.sin(((hour - 8) / 9) * Math.PI)) * (hour > 8 && hour < 17 ? 1 : 0);
  const night = ((hour + 24 - 17) % 24) / 15;
  const voltage = sun > 0.15 ? 13.2 + 0.7 * sun + 0.02 * flicker(time) : 12.86 - 0.08 * night + 0.01 * flicker(time);
  const started = Math.floor(time / DAY) % 2 === 0 && hour >= 12 && hour < 12 + 1 / 30;
  return {
    voltage,
    temperature: outside(time),
    stateOfCharge: sun > 0.15 ? 100 : charge(voltage, 11.8, 12.85),
    charging: sun > 0.15,
    crankVoltage: started ? 10.4 + 0.1 * flicker(time) : 0,
  };
}
