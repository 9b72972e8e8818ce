/**
 * What battery monitors cost: connections, radio time and memory by the way they are read, and fifty of them at one
 * connection slot. Days pass by a clock that is moved; a link carries six notifications in 30 ms.
 */
import { pathCodes } from "#devices/battery-monitor/signals.ts";
import type { Model } from "#protocols/leagend/model.ts";
import { OPENED, openHarbour } from "../harbour.ts";
import { report } from "./report.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function day(model: Model, passive: boolean): Promise<void> {
  const harbour = openHarbour();
  const { address } = harbour.place(model, 1, 720);
  const monitor = harbour.watch({ address, passive });
  await harbour.pass(DAY, 30_000);
  harbour.close();
  const { visits = 0, visitsFailed = 0, connectedMs = 0 } = monitor.counters();
  const way = `${model}, ${passive ? "passive" : "a visit an hour"}`;
  const target = passive && model !== "BM7" ? { target: { atMost: 0 } } : {};
  report({ name: `${way}: connections in a day`, value: visits, unit: "connections", ...target });
  report({ name: `${way}: connected in a day`, value: connectedMs / 1000, unit: "s", ...target });
  const readings = monitor.read("voltage").filter(({ time }) => time >= OPENED).length;
  const perReading = { value: connectedMs / 1000 / readings, unit: "s", ...target };
  const note = `${readings} readings, first one included with a day's memory; ${visitsFailed} visits failed`;
  report({ name: `${way}: connected per reading`, ...perReading, note });
}

async function untilReading(model: Model, passive: boolean): Promise<void> {
  const harbour = openHarbour();
  const { address } = harbour.place(model, 1, 720);
  const monitor = harbour.watch({ address, passive });
  let passed = 0;
  const way = passive ? pathCodes.advert : pathCodes.connection;
  while (!monitor.read("reading_path").some(({ value }) => value === way) && passed < 10 * MINUTE) {
    await harbour.pass(100, 2_000);
    passed += 100;
  }
  harbour.close();
  report({
    name: `${model}, ${passive ? "by advert" : "by visit"}: from wake to reading`,
    value: passed / 1000,
    unit: "s",
    note: "an advert every 0.1 s; the time a radio takes to connect comes on top of a visit",
  });
}

const modelOf = (berth: number): Model => (["BM2", "BM6", "BM7"] as const)[berth % 3] ?? "BM6";

async function fifty(): Promise<void> {
  const hours = 6;
  const harbour = openHarbour();
  const monitors = Array.from({ length: 50 }, (_, berth) => {
    const { address } = harbour.place(modelOf(berth), berth + 1, 720);
    return harbour.watch({ address, pollMinutes: 10 });
  });
  await harbour.pass(hours * HOUR, 5 * MINUTE);
  harbour.close();
  let missed = 0;
  let connectedMs = 0;
  for (const monitor of monitors) {
    connectedMs += monitor.counters()["connectedMs"] ?? 0;
    const visits = monitor.read("reading_path").filter(({ value }) => value === pathCodes.connection);
    for (let from = OPENED; from < OPENED + hours * HOUR; from += 10 * MINUTE) {
      if (!visits.some(({ time }) => time >= from && time < from + 10 * MINUTE)) missed++;
    }
  }
  report({
    name: "50 monitors, one slot, every 10 minutes: intervals without a reading",
    value: missed,
    unit: "of 1800",
    target: { atMost: 0 },
    note: `${hours} hours; the slot is taken ${((100 * connectedMs) / (hours * HOUR)).toFixed(1)} % of the time`,
  });
}

/** Bytes in use, without what only waits to be collected. */
function heap(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function memory(): Promise<void> {
  const harbour = openHarbour({ keep: false });
  const addresses = Array.from({ length: 50 }, (_, berth) => harbour.place(modelOf(berth), berth + 1, 720).address);
  const before = heap();
  const monitors = addresses.map((address) => harbour.watch({ address, pollMinutes: 10 }));
  await harbour.pass(HOUR, MINUTE);
  const used = heap() - before;
  harbour.close();
  await Promise.all(monitors.map(({ done }) => done));
  report({ name: "50 monitors: heap", value: used / 1e6, unit: "MB", target: { atMost: 10 } });
}

async function cpu(): Promise<void> {
  const harbour = openHarbour({ keep: false });
  for (let berth = 0; berth < 50; berth++) {
    harbour.watch({ address: harbour.place(modelOf(berth), berth + 1, 0).address, passive: true });
  }
  await harbour.pass(10_000, 1_000);
  const start = process.cpuUsage();
  await harbour.pass(5 * MINUTE, 1_000);
  const { user, system } = process.cpuUsage(start);
  harbour.close();
  report({
    name: "50 monitors that send an advert a second: one core",
    value: (100 * (user + system)) / 1_000 / (5 * MINUTE),
    unit: "%",
    note: "making the adverts included",
  });
}

await memory();
for (const model of ["BM2", "BM6", "BM7"] as const) {
  await day(model, true);
  await day(model, false);
}
for (const model of ["BM2", "BM6"] as const) await untilReading(model, true);
for (const model of ["BM2", "BM6", "BM7"] as const) await untilReading(model, false);
await fifty();
await cpu();
