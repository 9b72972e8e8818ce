import { afterEach, expect, test } from "vitest";
import { systemClock } from "#hub/system-clock.ts";
import type { Model } from "#protocols/leagend/model.ts";
import { BatteryMonitor } from "#simulators/battery-monitor/battery-monitor.ts";
import { placeMonitor } from "#simulators/battery-monitor/peripheral.ts";
import { virtualAir } from "#transports/ble/virtual-airs.ts";
import { runCommand } from "./commands.ts";

const NAME = "virtual:cli";
const air = virtualAir("cli");
const BM6 = "50:54:7B:24:30:10";
const BM7 = "50:54:7B:24:30:11";
const battery = () => ({ voltage: 13.28, temperature: -3, stateOfCharge: 85, charging: false });

const taken: (() => void)[] = [];
function place(model: Model, address: string): void {
  taken.push(placeMonitor(air, new BatteryMonitor({ model, address, clock: systemClock, battery, memory: 5 })));
}
afterEach(() => {
  for (const take of taken.splice(0)) take();
});

/** Runs a command while the monitors call; ends it, as Ctrl-C does, once `enough` has been printed. */
async function carport(args: readonly string[], enough?: RegExp) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const calling = setInterval(() => air.advertise(), 5);
  try {
    const code = await runCommand([...args, "--adapter", NAME], {
      out: (text) => {
        out.push(text);
        if (enough?.test(out.join(""))) stop.abort();
      },
      err: (text) => err.push(text),
      env: {},
      signal: stop.signal,
    });
    return { code, out: out.join(""), err: err.join("") };
  } finally {
    clearInterval(calling);
  }
}

test("scan prints each monitor once, with what proves it", async () => {
  place("BM6", BM6);
  place("BM7", BM7);
  const { code, out } = await carport(["scan"], /BM7/);
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^50:54:7B:24:30:10 {2}BM6 +13\.28 V +85 % +-60 dBm +advert +virtual$/);
  expect(lines[2]).toMatch(/^50:54:7B:24:30:11 {2}BM7 +-60 dBm +name +virtual$/);
});

test("scan --json prints objects, one per line", async () => {
  place("BM6", BM6);
  const { out } = await carport(["scan", "--json"], /\n/);
  expect(JSON.parse(out)).toEqual({
    address: BM6,
    model: "BM6",
    voltage: 13.28,
    stateOfCharge: 85,
    rssi: -60,
    proof: "advert",
    source: "virtual",
  });
});

test("scan --connect reads what it found", async () => {
  place("BM6", BM6);
  const { code, out } = await carport(["scan", "--connect", "--seconds", "0.1"]);
  expect(code).toBe(0);
  expect(out).toMatch(/BM6 +13\.28 V +85 % +-3 °C +normal +connection\n$/);
});

test("scan that hears none says so and fails", async () => {
  const { code, err } = await carport(["scan", "--seconds", "0.05"]);
  expect(code).toBe(1);
  expect(err).toMatch(/^No battery monitor was heard\.\n.*phone app/);
});

test("read prints one monitor's values", async () => {
  place("BM6", BM6);
  expect(await carport(["read", BM6.toLowerCase()])).toEqual({
    code: 0,
    out: `BM6 at ${BM6}: 13.28 V, 85 %, -3 °C, normal\n`,
    err: "",
  });
  const { out } = await carport(["read", BM6, "--json"]);
  expect(JSON.parse(out)).toMatchObject({ address: BM6, model: "BM6", voltage: 13.28, temperature: -3 });
});

test("history prints the memory, oldest first, in three layouts", async () => {
  place("BM6", BM6);
  const csv = await carport(["history", BM6, "--csv"]);
  const [heading, ...lines] = csv.out.trimEnd().split("\n");
  expect([csv.code, heading]).toEqual([0, "time,voltage,state_of_charge,temperature,crank_voltage,event"]);
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:00\.000Z,13\.28,85,0,,0$/);
  expect(lines).toEqual(lines.toSorted());
  const json = await carport(["history", BM6, "--json"]);
  expect(JSON.parse(json.out.split("\n")[0] ?? "")).toMatchObject({ voltage: 13.28, stateOfCharge: 85 });
  expect((await carport(["history", BM6])).out).toMatch(/^TIME .*\n20.*Z +13\.28 V +85 % +0 °C\n/);
});

test("what is no battery monitor is told with its next step", async () => {
  const advert = () => ({ name: "OBDBLE", manufacturerData: new Map(), serviceUuids: [] });
  taken.push(air.place({ address: BM6, advert, characteristics: [], write: () => undefined }));
  const { code, out, err } = await carport(["read", BM6]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/^50:54:7B:24:30:10: .*\[MONITOR_UNKNOWN\]\n.+\n$/);
});

test.each([
  [["read"], /^Name the monitor's address/],
  [["read", "BM6"], /^Name the monitor's address/],
  [["history", BM6, "--days", "x"], /^--days takes/],
  [["history", BM6, "--csv", "--json"], /^Choose one/],
  [["scan", "--seconds", "soon"], /^--seconds takes/],
])("%j is wrong usage, and it says why", async (args, why) => {
  const { code, err } = await carport(args);
  expect([code, err]).toEqual([2, expect.stringMatching(why)]);
});

test("an adapter of no known kind is told with what there is", async () => {
  const err: string[] = [];
  const io = {
    out: () => undefined,
    err: (text: string) => err.push(text),
    env: {},
    signal: new AbortController().signal,
  };
  expect(await runCommand(["scan", "--adapter", "bluetooth"], io)).toBe(1);
  expect(err.join("")).toMatch(/^bluetooth: .*\[BLE_ADAPTER_UNKNOWN\]\n/);
});
