import { afterEach, beforeEach, expect, test } from "vitest";
import { isCarportError } from "#domain/error.ts";
import { RECORD_INTERVAL_MS, recordTime } from "#protocols/leagend/history.ts";
import { placeMonitor } from "#simulators/battery-monitor/peripheral.ts";
import { battery, OPENED as NOW, openHarbour } from "../../../test/harbour.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let harbour: ReturnType<typeof openHarbour>;
beforeEach(() => {
  harbour = openHarbour();
});
afterEach(() => harbour.close());

test.each(["BM2", "BM6"] as const)("a passive %s is read from its adverts alone, with no connection", async (model) => {
  const { place, watch, pass } = harbour;
  const { address } = place(model);
  const monitor = watch({ address, passive: true });
  await pass(10 * MINUTE);
  expect(monitor.states()).toEqual(["connected"]);
  expect(monitor.read("voltage").at(-1)?.value).toBeCloseTo(battery(NOW + 10 * MINUTE - 10_000).voltage, 5);
  expect(new Set(monitor.read("reading_path").map(({ value }) => value))).toEqual(new Set([0]));
  expect(monitor.counters()).toMatchObject({ visits: 0 });
});

test("an unchanged advert becomes a sample once a minute, a changed one at once", async () => {
  const { place, watch, pass } = harbour;
  const still = (time: number) => ({ ...battery(time), voltage: time < NOW + 5 * MINUTE ? 12.5 : 12.6 });
  const { address } = place("BM6", 1, 0, still);
  const monitor = watch({ address, passive: true });
  await pass(10 * MINUTE);
  const voltages = monitor.read("voltage");
  expect(voltages.filter(({ time }) => time < NOW + 5 * MINUTE)).toHaveLength(5);
  expect(voltages.find(({ value }) => value === 12.6)?.time).toBe(NOW + 5 * MINUTE);
});

test("a passive BM7 is visited all the same: its adverts tell nothing", async () => {
  const { place, watch, pass } = harbour;
  const { address } = place("BM7");
  const monitor = watch({ address, passive: true });
  await pass(4 * MINUTE);
  expect(monitor.read("temperature").at(-1)?.value).toBe(21);
  expect(monitor.outputs).toContainEqual({
    type: "identity",
    identity: { manufacturer: "Leagend", model: "BM7", serialNumber: address },
  });
});

test("an advert that names another sender is refused and counted", async () => {
  const { air, place, watch, pass } = harbour;
  const { monitor: copied } = place("BM6", 2);
  const address = "50:54:7B:00:00:01";
  const record = copied.manufacturerRecord();
  air.place({
    address,
    advert: () => ({
      name: "BM6",
      manufacturerData: new Map(record && [[record.company, record.data]]),
      serviceUuids: [],
    }),
    characteristics: [],
    write: () => undefined,
  });
  const monitor = watch({ address, passive: true });
  await pass(2 * MINUTE);
  expect(monitor.read("voltage")).toEqual([]);
  expect(monitor.counters()).toMatchObject({ advertReadings: 0, advertsForeign: expect.any(Number) });
  expect(monitor.counters()["advertsForeign"]).toBeGreaterThan(3);
});

test.each(["BM2", "BM6", "BM7"] as const)(
  "what a %s remembers of the time before is kept with true times",
  async (model) => {
    const { place, watch, pass } = harbour;
    const { address } = place(model, 1, 200);
    const monitor = watch({ address });
    await pass(5 * MINUTE);
    const remembered = monitor.read("voltage").filter(({ time }) => time < NOW);
    expect(remembered).toHaveLength(199);
    for (const [at, { time, value }] of remembered.toReversed().entries()) {
      expect(time).toBe(recordTime(model, at + 1, NOW));
      expect(value).toBeCloseTo(battery(time).voltage, 2);
    }
  },
);

test("the time away is filled from memory at the return, once, and a restart brings nothing twice", async () => {
  const { place, watch, pass } = harbour;
  const { address, remove, put } = place("BM6");
  const first = watch({ address });
  await pass(HOUR);
  remove();
  await pass(8 * HOUR, MINUTE);
  expect(first.states()).toEqual(["connected", "asleep"]);
  const gone = first.read("voltage").length;
  put();
  await pass(5 * MINUTE);
  expect(first.states()).toEqual(["connected", "asleep", "connected"]);
  const filled = first.read("voltage");
  expect(filled.length - gone).toBeGreaterThan(235);
  first.stop.abort();
  await first.done;
  const second = watch({ address });
  await pass(5 * MINUTE);
  const all = second.read("voltage").map(({ time }) => time);
  // An advert and a visit in the same millisecond are two readings; this clock stands still between them.
  const visited = second.read("temperature").map(({ time }) => time);
  expect(new Set(visited).size).toBe(visited.length);
  const away = (times: number[]) => times.filter((time) => time < NOW + 9 * HOUR);
  expect(away(all)).toEqual(away(filled.map(({ time }) => time)));
  const gaps = all.toSorted((a, b) => a - b).map((time, at, sorted) => time - (sorted[at - 1] ?? time));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * RECORD_INTERVAL_MS);
  // With nothing missing, the memory is left alone.
  expect(second.counters()).toMatchObject({ visits: 1, historyRecords: 0, connectedMs: 0 });
});

test("a link cut in the middle of the memory keeps what came, and fetches the rest a minute later", async () => {
  const { air, place, watch, pass } = harbour;
  const { address } = place("BM6", 1, 256);
  const monitor = watch({ address });
  await pass(200, 200);
  air.cut(address);
  await pass(30_000);
  const part = monitor.read("temperature").length;
  expect(part).toBeGreaterThan(100);
  expect(part).toBeLessThan(200);
  await pass(2 * MINUTE);
  const times = monitor.read("temperature").map(({ time }) => time);
  expect(times.filter((time) => time < NOW)).toHaveLength(254);
  expect(new Set(times).size).toBe(times.length);
});

test("a phone that holds the monitor is waited for", async () => {
  const { air, place, watch, pass } = harbour;
  const { address } = place("BM7");
  air.connect(address, () => undefined);
  const monitor = watch({ address });
  await pass(90_000);
  expect(monitor.read("voltage")).toEqual([]);
  expect(monitor.states()).toEqual(["asleep"]);
  air.release(address);
  await pass(MINUTE);
  expect(monitor.states()).toEqual(["asleep", "connected"]);
  expect(monitor.read("voltage").length).toBeGreaterThan(0);
});

test("a monitor that is near and gives nothing is told with its fault, then tried every five minutes", async () => {
  const { air, clock, watch, pass } = harbour;
  const address = "50:54:7B:00:00:01";
  const { monitor: silent } = openHarbour().place("BM7");
  const removed = placeMonitor(air, silent);
  silent.write = () => [];
  const tries = () => monitor.counters()["visits"] ?? 0;
  const monitor = watch({ address, model: "BM7" });
  await pass(5 * MINUTE);
  const fault = monitor.outputs.find((output) => output.type === "state" && output.state === "disconnected");
  expect(fault).toMatchObject({ fault: { code: "MONITOR_SILENT" } });
  expect(tries()).toBe(4);
  await pass(20 * MINUTE);
  expect(tries()).toBe(8);
  removed();
  expect(clock.sleeping).toBeGreaterThan(0);
});

test("something that is no battery monitor ends it with what to do", async () => {
  const { air, watch, pass } = harbour;
  const address = "50:54:7B:00:00:01";
  air.place({
    address,
    advert: () => ({ name: "OBD", manufacturerData: new Map(), serviceUuids: [] }),
    characteristics: [],
    write: () => undefined,
  });
  const { done } = watch({ address });
  const ended = done.catch((error: unknown) => (isCarportError(error) ? error.code : error));
  await pass(MINUTE);
  expect(await ended).toBe("MONITOR_UNKNOWN");
});

test("a monitor nobody hears is asleep, which is no fault, and says so within a minute", async () => {
  const { watch, pass } = harbour;
  const monitor = watch({ address: "50:54:7B:00:00:01" });
  await pass(59_000);
  expect(monitor.states()).toEqual(["asleep"]);
});

test("offsets correct what is measured, and the chemistry decides what charging is", async () => {
  const { place, watch, pass } = harbour;
  const { address } = place("BM6", 1, 0, (time) => ({ ...battery(time), voltage: 13.3 }));
  const monitor = watch({ address, voltageOffset: 0.05, temperatureOffset: -1.5, chemistry: "lifepo4", passive: true });
  await pass(MINUTE);
  expect(monitor.read("voltage").at(-1)?.value).toBe(13.35);
  expect(monitor.read("charging").at(-1)?.value).toBe(0);
});

test("fifty monitors and one slot: each is read in every interval of ten minutes", async () => {
  const { place, watch, pass, clock } = harbour;
  const monitors = Array.from({ length: 50 }, (_, at) => {
    const { address } = place(at % 3 === 0 ? "BM7" : at % 3 === 1 ? "BM2" : "BM6", at + 1, 0);
    return watch({ address, pollMinutes: 10, model: at % 3 === 0 ? "BM7" : at % 3 === 1 ? "BM2" : "BM6" });
  });
  await pass(HOUR / 2, 10 * MINUTE);
  for (const monitor of monitors) {
    expect(monitor.counters()).toMatchObject({ visitsFailed: 0 });
    const visits = monitor.read("reading_path").filter(({ value }) => value === 1);
    for (let from = NOW; from < clock.now(); from += 10 * MINUTE) {
      expect(visits.some(({ time }) => time >= from && time < from + 10 * MINUTE)).toBe(true);
    }
  }
});

test("it lets go at once when it is told to close, in the middle of a visit as well", async () => {
  const { place, watch, pass } = harbour;
  const { address } = place("BM2");
  const monitor = watch({ address });
  await pass(500);
  monitor.stop.abort();
  await expect(monitor.done).resolves.toBeUndefined();
});

test("an engine start that a BM2 remembers becomes a crank voltage at its time, once", async () => {
  const { place, watch, pass } = harbour;
  const started = recordTime("BM2", 20, NOW);
  const { address } = place("BM2", 1, 600, (time) => ({ ...battery(time), crankVoltage: time === started ? 9.8 : 0 }));
  const monitor = watch({ address, pollMinutes: 5 });
  await pass(30 * MINUTE);
  expect(monitor.counters()["visits"]).toBeGreaterThan(4);
  expect(monitor.read("crank_voltage")).toEqual([{ time: started, value: 9.8 }]);
});
