import { afterEach, beforeEach, expect, test } from "vitest";
import type { Discovery } from "#devices/device-kind.ts";
import type { BleAdvert } from "#domain/ble.ts";
import { openHarbour } from "../../../test/harbour.ts";
import { silentLog } from "../../../test/memory-garage.ts";
import { batteryMonitor } from "./battery-monitor.ts";
import { recogniseMonitor } from "./scan.ts";

let harbour: ReturnType<typeof openHarbour>;
beforeEach(() => {
  harbour = openHarbour();
});
afterEach(() => harbour.close());

/** What is discovered while `pass` runs. */
async function discovered(pass: () => Promise<void>): Promise<readonly Discovery[]> {
  const { clock, services } = harbour;
  const stop = new AbortController();
  const found: Discovery[] = [];
  const done = (async () => {
    const context = { clock, services, log: silentLog, signal: stop.signal };
    for await (const discovery of batteryMonitor.discover?.(context) ?? []) found.push(discovery);
  })();
  await pass();
  stop.abort();
  await done;
  return found;
}

test("a monitor whose advert names it is discovered with its reading, and again after a minute", async () => {
  const { place, pass } = harbour;
  const { address } = place("BM6", 1, 0, () => ({
    voltage: 13.28,
    temperature: 20,
    stateOfCharge: 85,
    charging: false,
  }));
  const found = await discovered(() => pass(90_000, 5_000));
  expect(found).toHaveLength(2);
  expect(found[0]).toEqual({
    id: "battery-monitor-50547b000001",
    name: "Battery monitor BM6 00:00:01",
    settings: { address },
    evidence: "BM6 at 50:54:7B:00:00:01, 13.28 V, 85 %, heard by virtual at −60 dBm",
  });
  expect(batteryMonitor.settings.safeParse(found[0]?.settings).success).toBe(true);
});

test("what has the name only is discovered as just that", async () => {
  const { place, pass } = harbour;
  place("BM7");
  const [found] = await discovered(() => pass(10_000));
  expect(found?.evidence).toBe(
    "calls itself “BM300 Pro”, as BM7 monitors do, at 50:54:7B:00:00:01, heard by virtual at −60 dBm; only a connection can prove it",
  );
});

const advert: BleAdvert = {
  address: "50:54:7B:24:30:10",
  name: undefined,
  rssi: -60,
  time: 0,
  connectable: true,
  source: "hci0",
  manufacturerData: new Map(),
  serviceUuids: [],
};

test.each([
  ["Battery Monitor", "BM2"],
  ["ZX-1689", "BM2"],
  ["Li Battery Monitor", "BM2"],
  ["BM6", "BM6"],
  ["BM300 Pro", "BM7"],
  ["BM7", "BM7"],
])("the name %s may be a %s's", (name, model) => {
  expect(recogniseMonitor({ ...advert, name })).toMatchObject({ model, proof: "name", reading: undefined });
});

test("an OBD adapter, a phone, and an advert that names another sender are no monitors", () => {
  expect(recogniseMonitor({ ...advert, name: "OBDBLE" })).toBeUndefined();
  expect(recogniseMonitor(advert)).toBeUndefined();
  const { monitor } = harbour.place("BM6", 2);
  const record = monitor.manufacturerRecord();
  const manufacturerData = new Map(record && [[record.company, record.data]]);
  expect(recogniseMonitor({ ...advert, name: "BM6", manufacturerData })).toBeUndefined();
});
