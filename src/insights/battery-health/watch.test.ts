import { expect, test } from "vitest";
import { type Batch, BatchBuilder } from "#domain/batch.ts";
import { type DeviceId, isDeviceId, isVehicleId, signalKey, type VehicleId } from "#domain/ids.ts";
import type { NumberSignal } from "#domain/signal.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { silentLog } from "../../../test/memory-garage.ts";
import { MemoryStore } from "../../../test/memory-store.ts";
import { BatteryHealthWatch, type WatchedBattery } from "./watch.ts";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2026, 10, 21, 12);
const device = id("van-battery");
const vehicle = id("van");

function id(text: string): DeviceId & VehicleId {
  if (!isDeviceId(text) || !isVehicleId(text)) throw new TypeError(text);
  return text;
}

const measured = (key: string): NumberSignal => ({
  key: signalKey(key),
  name: key,
  group: "12v",
  subject: "vehicle",
  presentation: { enabled: true },
  report: { deadBand: 0, minIntervalMs: 0 },
  type: "number",
  precision: 2,
});
const inputs = [measured("voltage"), measured("temperature"), measured("crank_voltage")];

function watching(battery: Partial<WatchedBattery> = {}) {
  const clock = new ManualClock(NOW);
  const store = new MemoryStore();
  const stop = new AbortController();
  const derived: Batch[] = [];
  const watch = new BatteryHealthWatch({
    store,
    battery: (which) => (which === device ? { vehicle, chemistry: "flooded", ...battery } : undefined),
    derive: (which, batch) => {
      derived.push(batch);
      store.append(which, vehicle, batch);
    },
    clock,
    log: silentLog,
    signal: stop.signal,
  });
  /** Readings every ten minutes over the days up to now; `day` counts from −days to 0. */
  const past = (days: number, row: (day: number) => readonly (number | undefined)[]): void => {
    const builder = new BatchBuilder(inputs);
    for (let time = clock.now() - days * DAY; time <= clock.now(); time += 10 * MINUTE) {
      for (const [index, value] of row((time - clock.now()) / DAY).entries()) {
        if (value !== undefined) builder.add(index, time, value);
      }
    }
    const batch = builder.take();
    if (batch === undefined) throw new TypeError("no readings");
    store.append(device, vehicle, batch);
    watch.notice(device, batch);
  };
  const values = (): Readonly<Record<string, number>> => {
    const batch = derived.at(-1);
    if (batch === undefined) return {};
    return Object.fromEntries(
      Array.from(batch.index, (at, row) => [batch.signals[at]?.key ?? "", batch.values[row] ?? 0]),
    );
  };
  /** Time passes, and what is then due is done. */
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await clock.advance(0);
  };
  return { clock, pass, derived, past, values, stop };
}

test("a battery that loses 0.06 V a day is draining, and the days until 12 V are told with their range", async () => {
  const { pass, past, values } = watching();
  past(6, (day) => [12.3 - 0.06 * day]);
  await pass(MINUTE);
  const { resting_voltage: resting = 0, days_until_low: days = 0, ...others } = values();
  expect(resting).toBeCloseTo(12.3, 1);
  expect(days).toBeCloseTo((resting - 12) / 0.06, 1);
  expect(others["days_until_low_at_least"]).toBeLessThanOrEqual(days);
  expect(others["days_until_low_at_most"]).toBeGreaterThanOrEqual(days);
  expect(others).toMatchObject({ battery_draining: 1, battery_low: 0 });
  expect(others["voltage_trend"]).toBeCloseTo(-0.06, 3);
  expect(others).not.toHaveProperty("will_start");
});

test("a battery that holds its voltage lasts a year and more", async () => {
  const { pass, past, values } = watching();
  past(6, () => [12.65]);
  await pass(MINUTE);
  expect(values()).toMatchObject({ days_until_low: 365, battery_draining: 0, battery_low: 0 });
  expect(values()).not.toHaveProperty("days_until_low_at_most");
});

test("whether it will start is judged at the coldest of the last day, or as the owner says", async () => {
  const cold = watching();
  cold.past(3, (day) => [12.2, Math.abs(day + 0.5) < 0.1 ? -18 : 10]);
  await cold.pass(MINUTE);
  expect(cold.values()["will_start"]).toBe(3);
  const warm = watching({ startTemperature: 25 });
  warm.past(3, () => [12.6, -18]);
  await warm.pass(MINUTE);
  expect(warm.values()["will_start"]).toBe(0);
});

test("the last charge is told once, at its end", async () => {
  const { pass, past, derived } = watching();
  past(2, (day) => [day > -1 && day < -0.9 ? 14.2 : 12.6]);
  await pass(MINUTE);
  past(0.01, () => [12.6]);
  await pass(11 * MINUTE);
  expect(derived).toHaveLength(2);
  const charges = derived.flatMap(({ signals, index, times, values }) =>
    Array.from(index, (at, row) => ({ key: signals[at]?.key, time: times[row], value: values[row] })).filter(
      ({ key }) => key === "charged_minutes",
    ),
  );
  expect(charges).toHaveLength(1);
  expect(charges[0]?.value).toBeCloseTo(0.1 * 1440, -1.5);
  expect(charges[0]?.time).toBeLessThan(NOW - 0.9 * DAY);
});

test("after a charge the trend from before it is used until there is a new one", async () => {
  const { pass, past, values } = watching();
  past(6, (day) => [12.3 - 0.06 * day]);
  await pass(MINUTE);
  await pass(DAY);
  past(0.9, (day) => [day < -0.8 ? 14.3 : 12.6]);
  await pass(MINUTE);
  expect(values()["days_until_low"]).toBeCloseTo(0.6 / 0.06, 0);
  expect(values()).not.toHaveProperty("voltage_trend");
});

test("nothing is told of a battery at rest before it was seen resting for hours", async () => {
  const { pass, past, values } = watching();
  past(0.1, () => [13.6]);
  await pass(MINUTE);
  expect(values()).not.toHaveProperty("resting_voltage");
});

test("a past that comes in late is looked at when it comes", async () => {
  const { pass, past, derived, values } = watching();
  past(0, () => [12.6]);
  await pass(MINUTE);
  past(3, () => [12.6]);
  await pass(MINUTE);
  expect(derived).toHaveLength(2);
  expect(values()["resting_voltage"]).toBe(12.6);
});

test("it looks at a battery every ten minutes at most, and at what is no battery never", async () => {
  const { clock, pass, past, derived, stop } = watching();
  for (let minute = 0; minute < 60; minute++) {
    past(0.02, () => [12.6]);
    await pass(MINUTE);
  }
  expect(derived.length).toBeLessThanOrEqual(7);
  expect(derived.length).toBeGreaterThanOrEqual(5);
  stop.abort();
  await pass(DAY);
  expect(clock.sleeping).toBe(0);
});
