import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { CarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId } from "#domain/ids.ts";
import { KeptLog } from "../../test/kept-log.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { noServices } from "../../test/no-services.ts";
import { aborted } from "./aborted.ts";
import { Hub } from "./hub.ts";
import { Settings } from "./settings/settings.ts";

let folder: string;
let clock: ManualClock;
let hub: Hub;
/** Seconds since the start at which the device was opened. */
let opened: number[];
let outOfReach: boolean;

const buoy: DeviceKind = {
  kind: "buoy",
  title: "Buoy",
  settings: z.strictObject({}),
  async *open(_, { device, signal }) {
    opened.push(clock.monotonic() / 1_000);
    if (outOfReach) throw new CarportError("DEVICE_NO_ANSWER", device);
    yield { type: "state", state: "asleep" };
    await aborted(signal);
  },
};

const id = (text: string): DeviceId => {
  if (!isDeviceId(text)) throw new TypeError(text);
  return text;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-reconnect-"));
  clock = new ManualClock();
  opened = [];
  outOfReach = true;
  const device = { id: "bow", kind: "buoy", name: "Bow", vehicle: "boat" };
  const reconnect = { retries: 2, retrySeconds: 10, reconnectSeconds: 100 };
  await writeFile(
    join(folder, "vehicles.json"),
    JSON.stringify({ version: 1, vehicles: [{ id: "boat", name: "Boat" }] }),
  );
  await writeFile(join(folder, "devices.json"), JSON.stringify({ version: 1, devices: [{ ...device, reconnect }] }));
  const kinds = new Map([[buoy.kind, buoy]]);
  const settings = new Settings({ folder, env: {}, kinds, clock, log: new KeptLog() });
  await settings.load();
  hub = new Hub({ settings, kinds, services: noServices, clock, log: new KeptLog() });
  hub.prepare();
  hub.start();
});
afterEach(async () => {
  const stopped = hub.stop();
  await clock.advance(2_000);
  await stopped;
  await rm(folder, { recursive: true });
});

it("a lost device is tried at the pace its owner set: soon at first, then seldom", async () => {
  await clock.advance(320_000);
  expect(opened).toEqual([0, 10, 20, 120, 220, 320]);
});

it("another pace applies at once, also to a device that waits", async () => {
  await clock.advance(25_000);
  await hub.updateDevice(id("bow"), { reconnect: { retries: 1, retrySeconds: 5, reconnectSeconds: 50 } });
  await clock.advance(60_000);
  expect(opened).toEqual([0, 10, 20, 25, 30, 80]);
});

it("after a good connection the first attempts are soon again", async () => {
  await clock.advance(25_000);
  outOfReach = false;
  await clock.advance(100_000);
  expect(hub.device(id("bow"))?.status.state).toBe("asleep");
  outOfReach = true;
  hub.reconnect(id("bow"));
  await clock.advance(25_000);
  expect(opened).toEqual([0, 10, 20, 120, 125, 135, 145]);
});

it("a device is opened at once when its owner asks for it, however long its pause", async () => {
  await clock.advance(25_000);
  expect(hub.device(id("bow"))?.status.state).toBe("disconnected");
  outOfReach = false;
  hub.reconnect(id("bow"));
  await clock.advance(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened.at(-1)).toBe(25);
  expect(() => hub.reconnect(id("nobody"))).toThrow("[DEVICE_UNKNOWN]");
});
