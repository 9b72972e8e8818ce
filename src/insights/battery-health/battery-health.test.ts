import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chemistries, stateOfCharge } from "#domain/battery-chemistry.ts";
import type { Samples } from "#store/series-store.ts";
import { chargingSessions } from "./charging-sessions.ts";
import { daysUntil, drain } from "./drain.ts";
import { restingHours, restingVoltage } from "./rest.ts";
import { willItStart } from "./starting.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 10);

/** One sample every two minutes, as the monitors keep them. */
function series(days: number, voltage: (day: number) => number): Samples {
  const times = Float64Array.from({ length: days * 720 }, (_, at) => START + at * 2 * MINUTE);
  return { times, values: times.map((time) => voltage((time - START) / DAY)) };
}

// A fixed sequence in −1…1, so that a failure repeats.
const noise = (day: number): number => Math.sin(day * 12_345.678) * Math.cos(day * 777.7);

describe("charging sessions", () => {
  test("a drive is one session, however often the headlights dip the voltage", () => {
    const voltage = series(1, (day) => {
      const hour = day * 24;
      if (hour < 8 || hour >= 9) return 12.6;
      return Math.abs(hour - 8.5) < 0.02 ? 12.9 : 14.2;
    });
    const sessions = chargingSessions(voltage, "flooded");
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ from: START + 8 * HOUR, maxVoltage: 14.2, open: false });
  });

  test("a single high reading is no session", () => {
    expect(
      chargingSessions(
        series(1, (day) => (Math.abs(day - 0.5) < 0.0005 ? 14 : 12.6)),
        "flooded",
      ),
    ).toEqual([]);
  });

  test("a session is open while the newest sample is still above", () => {
    expect(
      chargingSessions(
        series(1, (day) => (day > 0.9 ? 14.4 : 12.5)),
        "agm",
      ).at(-1)?.open,
    ).toBe(true);
  });

  test("hours without samples are not counted as charging", () => {
    const { times, values } = series(1, () => 14.1);
    const kept = times.map((time, at) => (at < 100 ? time : time + 12 * HOUR));
    const [first] = chargingSessions({ times: kept, values }, "flooded");
    expect(first?.to).toBe(START + 99 * 2 * MINUTE);
  });
});

describe("resting voltage", () => {
  test("the hours after a charge do not count: the surface charge flatters", () => {
    const voltage = series(2, (day) => (day < 0.5 ? 14.4 : day < 0.6 ? 12.95 : 12.62));
    const hours = restingHours(voltage, chargingSessions(voltage, "flooded"));
    expect(restingVoltage(hours, START + 2 * DAY)).toBeCloseTo(12.62, 5);
    expect(Math.min(...hours.times)).toBeGreaterThanOrEqual(START + 0.5 * DAY + 3.5 * HOUR);
  });

  test("cranking and a door light do not move it", () => {
    const voltage = series(2, (day) => (noise(day) > 0.9 ? 10.5 : 12.55));
    expect(restingVoltage(restingHours(voltage, []), START + 2 * DAY)).toBeCloseTo(12.55, 5);
  });

  test("there is none while charging, and none when the newest is days old", () => {
    const voltage = series(1, (day) => (day > 0.5 ? 14.2 : 12.5));
    expect(restingHours(voltage, chargingSessions(voltage, "flooded")).times).toHaveLength(0);
    const rested = restingHours(
      series(1, () => 12.5),
      [],
    );
    expect(restingVoltage(rested, START + 4 * DAY)).toBeUndefined();
  });
});

describe("slow drain", () => {
  const { times, values } = series(1, (day) => 12.7 - day);
  const halfDay: Samples = { times: times.slice(0, 400), values: values.slice(0, 400) };
  const falling = series(10, (day) => 12.7 - 0.05 * day + 0.02 * Math.sin(2 * Math.PI * day) + 0.01 * noise(day));

  test("a known slope is found through day and night and noise", () => {
    const found = drain(restingHours(falling, []));
    expect(found?.slope).toBeCloseTo(-0.05, 2);
    expect(found?.low).toBeLessThan(-0.049);
    expect(found?.high).toBeGreaterThan(-0.051);
  });

  test("the days until 12.0 V follow, with their range", () => {
    const hours = restingHours(falling, []);
    const found = drain(hours);
    const voltage = restingVoltage(hours, START + 10 * DAY);
    if (found === undefined || voltage === undefined) throw new Error("no forecast");
    const forecast = daysUntil(12, voltage, found);
    expect(forecast?.days).toBeGreaterThan(3);
    expect(forecast?.days).toBeLessThan(5);
    expect(forecast?.earliest).toBeLessThanOrEqual(forecast?.days ?? 0);
    expect(forecast?.latest).toBeGreaterThanOrEqual(forecast?.days ?? 0);
  });

  test("a battery that keeps its voltage has no date", () => {
    const steady = drain(
      restingHours(
        series(5, (day) => 12.65 + 0.005 * noise(day)),
        [],
      ),
    );
    expect(steady && daysUntil(12, 12.65, steady)).toBeUndefined();
  });

  test("below the limit already is zero days", () => {
    expect(daysUntil(12, 11.9, { slope: -0.1, low: -0.2, high: 0 })).toEqual({ days: 0, earliest: 0, latest: 0 });
  });

  test("less than a day says nothing", () => {
    expect(drain(restingHours(halfDay, []))).toBeUndefined();
  });
});

describe("state of charge", () => {
  test.each([
    ["flooded", 12.7, 100],
    ["flooded", 12.24, 50],
    ["flooded", 11, 0],
    ["agm", 12.85, 100],
    ["lifepo4", 13.2, 70],
    ["lifepo4", 14.4, 100],
  ] as const)("%s at %f V is %i %%", (chemistry, volts, charge) => {
    expect(stateOfCharge(chemistry, volts)).toBeCloseTo(charge, 6);
  });

  test("it never falls while the voltage rises, and stays within 0 and 100", () => {
    const volts = fc.double({ min: 8, max: 16, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...chemistries), volts, volts, (chemistry, a, b) => {
        const [low, high] = [stateOfCharge(chemistry, Math.min(a, b)), stateOfCharge(chemistry, Math.max(a, b))];
        return low >= 0 && low <= high && high <= 100;
      }),
    );
  });
});

describe("will it start", () => {
  test.each([
    ["a full battery in the frost", 12.7, -18, undefined, "yes"],
    ["a half empty one in summer", 12.24, 25, undefined, "yes"],
    ["a half empty one in hard frost", 12.24, -18, undefined, "no"],
    ["a flat one in summer", 11.8, 25, undefined, "no"],
    ["a weak one in the frost", 12.6, -18, 9.1, "doubtful"],
  ] as const)("%s", (_, volts, celsius, crank, verdict) => {
    expect(willItStart("flooded", volts, celsius, crank)).toBe(verdict);
  });

  test("colder is never better", () => {
    const rank = ["no", "doubtful", "probably", "yes"];
    const celsius = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(...chemistries),
        fc.double({ min: 11, max: 13.4, noNaN: true }),
        celsius,
        celsius,
        (chemistry, volts, a, b) => {
          const verdict = (at: number) => rank.indexOf(willItStart(chemistry, volts, at));
          return verdict(Math.min(a, b)) <= verdict(Math.max(a, b));
        },
      ),
    );
  });
});
