import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind, Discovery, DiscoveryContext } from "#devices/device-kind.ts";
import { CarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId, isVehicleId } from "#domain/ids.ts";
import { KeptLog } from "../../test/kept-log.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { noServices } from "../../test/no-services.ts";
import { aborted } from "./aborted.ts";
import { Hub } from "./hub.ts";
import { Settings } from "./settings/settings.ts";

const HOUR = 3_600_000;

let folder: string;
let clock: ManualClock;
let log: KeptLog;
let settings: Settings;
let hub: Hub;
/** What the next search sees. */
let near: (context: DiscoveryContext) => AsyncIterable<Discovery>;
let searches: number;
let opened: DeviceId[];

const id = (text: string): DeviceId => {
  if (!isDeviceId(text)) throw new TypeError(text);
  return text;
};
const seen = (name: string, evidence = "heard"): Discovery => ({
  id: id(name),
  name: `Beacon ${name}`,
  settings: { address: name },
  evidence,
});
const sees = (...found: readonly Discovery[]) =>
  async function* ({ signal }: DiscoveryContext) {
    yield* found;
    await aborted(signal);
  };

const kind: DeviceKind = {
  kind: "beacon",
  title: "Beacon",
  settings: z.strictObject({
    address: z.string().describe("Where"),
    loud: z.boolean().default(false).describe("Loud"),
  }),
  async *open(_, { device, signal }) {
    opened.push(device);
    yield { type: "state", state: "asleep" };
    await aborted(signal);
  },
  discover(context) {
    searches++;
    return near(context);
  },
};

async function start(): Promise<void> {
  const kinds = new Map([[kind.kind, kind]]);
  settings = new Settings({ folder, env: {}, kinds, clock, log });
  await settings.load();
  hub = new Hub({ settings, kinds, services: noServices, clock, log, random: () => 1 });
  hub.prepare();
  hub.start();
}

async function stop(): Promise<void> {
  const stopped = hub.stop();
  await clock.advance(2_000);
  await stopped;
}

/** Lets the search end that is under way. */
async function searched(): Promise<void> {
  const over = hub.search();
  await clock.advance(40_000);
  await over;
}

const waiting = () => hub.found().map((device) => device.id);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-discovery-"));
  clock = new ManualClock();
  log = new KeptLog();
  searches = 0;
  opened = [];
  near = sees();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

describe("what is found", () => {
  it("waits for the owner, is told once, and is neither opened nor a device", async () => {
    const told: string[] = [];
    near = sees(seen("a"), seen("a", "heard again"));
    await start();
    hub.bus.subscribe("found", ({ device }) => told.push(device.id));
    await searched();
    await searched();
    expect(hub.found()).toMatchObject([{ id: "a", kind: "beacon", evidence: "heard again", ignored: false }]);
    expect(told).toEqual(["a"]);
    expect(hub.devices()).toEqual([]);
    expect(opened).toEqual([]);
  });

  it("is still there after a restart, and the card is not written again for what is known", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await stop();
    const before = await stat(join(folder, "devices.json"));
    near = sees(seen("a", "heard by another adapter"));
    await start();
    await searched();
    expect(waiting()).toEqual(["a"]);
    expect((await stat(join(folder, "devices.json"))).ino).toBe(before.ino);
  });

  it("becomes a device in a vehicle of its own when the owner takes it in, and is not found again", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await hub.adopt(id("a"), { name: "Starter battery", settings: { loud: true } });
    expect(hub.devices().map(({ record }) => record)).toEqual([
      {
        id: "a",
        kind: "beacon",
        name: "Starter battery",
        vehicle: "vehicle-1",
        enabled: true,
        settings: { address: "a", loud: true },
      },
    ]);
    expect(hub.vehicles()).toMatchObject([{ name: "Vehicle 1" }]);
    await searched();
    expect(waiting()).toEqual([]);
    expect(opened).toEqual(["a"]);
  });

  it("is not told of where a device added by hand reads the same thing", async () => {
    near = sees(seen("a"));
    await start();
    await hub.addDevice({ kind: "beacon", name: "Mine", settings: { address: "a", loud: true } });
    await searched();
    expect(waiting()).toEqual([]);
  });

  it("stays ignored once the owner has said so, until he changes his mind", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await hub.ignore(id("a"), true);
    await searched();
    expect(hub.found()).toMatchObject([{ ignored: true }]);
    await hub.ignore(id("a"), false);
    expect(hub.found()).toMatchObject([{ ignored: false }]);
  });

  it("cannot be taken in twice, nor when it was never found", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await hub.adopt(id("a"));
    await expect(hub.adopt(id("a"))).rejects.toThrow("[DISCOVERY_UNKNOWN]");
    await expect(hub.ignore(id("b"), true)).rejects.toThrow("[DISCOVERY_UNKNOWN]");
  });

  it("is not taken in with settings that its kind refuses, and waits on", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await expect(hub.adopt(id("a"), { settings: { loud: "very" } })).rejects.toThrow("[SETTINGS_REFUSED]");
    expect(waiting()).toEqual(["a"]);
  });

  it("can be found again after its device was removed", async () => {
    near = sees(seen("a"));
    await start();
    await searched();
    await hub.adopt(id("a"));
    await hub.removeDevice(id("a"));
    await searched();
    expect(waiting()).toEqual(["a"]);
  });

  it("is limited, and what was ignored is not forgotten for it", async () => {
    near = sees(...Array.from({ length: 200 }, (_, n) => seen(`first-${n}`)));
    await start();
    await searched();
    await hub.ignore(id("first-0"), true);
    near = sees(...Array.from({ length: 300 }, (_, n) => seen(`then-${n}`)));
    await searched();
    expect(waiting()).toHaveLength(200);
    expect(waiting()[0]).toBe("first-0");
  });
});

describe("the search", () => {
  it("runs at the start and every 12 hours", async () => {
    await start();
    await clock.advance(HOUR);
    expect(searches).toBe(1);
    await clock.advance(11 * HOUR);
    expect(searches).toBe(1);
    await clock.advance(HOUR);
    expect(searches).toBe(2);
    await clock.advance(24 * HOUR);
    expect(searches).toBe(4);
  });

  it("follows the settings without a restart, and runs only when asked where they say so", async () => {
    await writeFile(
      join(folder, "system.json"),
      JSON.stringify({ version: 1, discovery: { atStart: false, everyHours: 0 } }),
    );
    await start();
    await clock.advance(100 * HOUR);
    expect(searches).toBe(0);
    await searched();
    expect(searches).toBe(1);
    await settings.editSystem((raw) => ({ ...raw, discovery: { everyHours: 1 } }));
    await clock.advance(HOUR + 60_000);
    expect(searches).toBeGreaterThan(1);
  });

  it("is joined by whoever asks while it runs", async () => {
    await start();
    expect(hub.searching.searching).toBe(true);
    const both = [hub.search(), hub.search()];
    await clock.advance(40_000);
    await Promise.all(both);
    expect(searches).toBe(1);
    expect(hub.searching).toMatchObject({ searching: false, faults: [] });
  });

  it("is left behind when it does not end, and what it had found is kept", async () => {
    near = async function* () {
      yield seen("a");
      await new Promise(() => {});
    };
    await start();
    await searched();
    expect(waiting()).toEqual(["a"]);
    expect(hub.searching.faults.map(({ code }) => code)).toEqual(["DISCOVERY_FAILED"]);
  });

  it("says why it cannot look around, once, and tries again the next time", async () => {
    near = () => {
      throw new CarportError("BLE_ADAPTER_MISSING", "hci0");
    };
    await start();
    await searched();
    await searched();
    expect(hub.searching.faults.map(({ code }) => code)).toEqual(["BLE_ADAPTER_MISSING"]);
    expect(log.lines.filter((line) => line.includes("BLE_ADAPTER_MISSING"))).toHaveLength(1);
    near = sees(seen("a"));
    await searched();
    expect(hub.searching.faults).toEqual([]);
    expect(waiting()).toEqual(["a"]);
  });
});

describe("merging vehicles", () => {
  it("moves the devices, removes the empty one and keeps its id from being given again", async () => {
    near = sees(seen("a"), seen("b"));
    await start();
    await searched();
    await hub.adopt(id("a"));
    await hub.adopt(id("b"));
    const [first, second] = hub.vehicles().map((vehicle) => vehicle.id);
    if (!first || !second) throw new TypeError("no vehicles");
    await hub.mergeVehicles(second, first);
    expect(hub.vehicles().map((vehicle) => vehicle.id)).toEqual([first]);
    expect(hub.devices().map(({ record }) => record.vehicle)).toEqual([first, first]);
    expect(JSON.parse(await readFile(join(folder, "vehicles.json"), "utf8"))).toMatchObject({ retired: [second] });
    await expect(hub.mergeVehicles(first, first)).rejects.toThrow("[VEHICLE_MERGED_WITH_ITSELF]");
    const nowhere = "nowhere";
    if (isVehicleId(nowhere)) await expect(hub.mergeVehicles(first, nowhere)).rejects.toThrow("[VEHICLE_UNKNOWN]");
  });
});
