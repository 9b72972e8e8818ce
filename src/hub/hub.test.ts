import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind, DeviceOutput } from "#devices/device-kind.ts";
import { CarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId, isVehicleId, type VehicleId } from "#domain/ids.ts";
import { KeptLog } from "../../test/kept-log.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { noServices } from "../../test/no-services.ts";
import { amps, batch, signal, volts, Wire } from "../../test/wire.ts";
import { Hub } from "./hub.ts";
import { Settings } from "./settings/settings.ts";

const id = (text: string): DeviceId & VehicleId => {
  if (!isDeviceId(text) || !isVehicleId(text)) throw new TypeError(text);
  return text;
};

let folder: string;
let wires: Map<string, Wire>;
let clock: ManualClock;
let log: KeptLog;
let hub: Hub;
let settings: Settings;

const busSettings = z.strictObject({ bus: z.string().default("a").describe("Where") });

async function start(
  { vehicles, devices, open }: { vehicles?: unknown[]; devices?: unknown[]; open?: DeviceKind["open"] } = {},
  remembered: Parameters<Hub["prepare"]>[0] = [],
): Promise<void> {
  const kind: DeviceKind = {
    kind: "wire",
    title: "Wire",
    settings: busSettings,
    open: open ?? ((wire, context) => wireOf(context.device).open(wire, context)),
  };
  if (vehicles) await writeFile(join(folder, "vehicles.json"), JSON.stringify({ version: 1, vehicles }));
  if (devices) await writeFile(join(folder, "devices.json"), JSON.stringify({ version: 1, devices }));
  const kinds = new Map([[kind.kind, kind]]);
  settings = new Settings({ folder, env: {}, kinds, clock, log });
  await settings.load();
  hub = new Hub({ settings, kinds, services: noServices, clock, log, random: () => 1 });
  hub.prepare(remembered);
  hub.start();
  await turns();
}

function wireOf(device: string): Wire {
  const wire = wires.get(device) ?? new Wire();
  wires.set(device, wire);
  return wire;
}

/** Lets everything that waits for nothing but its turn have it. */
const turns = async () => {
  for (let n = 0; n < 10; n++) await new Promise((resolve) => setImmediate(resolve));
};

const status = (device: string) => {
  const found = hub.device(id(device));
  if (!found) throw new TypeError(`no device ${device}`);
  return found.status;
};

const car = { id: "car", name: "Car" };
const van = { id: "van", name: "Van" };
const a = { id: "a", kind: "wire", name: "A", vehicle: "car" };
const b = { id: "b", kind: "wire", name: "B", vehicle: "car" };
const lost = () => new CarportError("DEVICE_NO_ANSWER", "the wire");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-hub-"));
  wires = new Map();
  clock = new ManualClock();
  log = new KeptLog();
});
afterEach(async () => {
  const stopped = hub.stop();
  await clock.advance(2_000);
  await stopped;
  await rm(folder, { recursive: true });
});

describe("a device", () => {
  it("is connecting when opened, connected with its first output, and asleep when it says so", async () => {
    await start({ vehicles: [car], devices: [a] });
    expect(status("a")).toMatchObject({ state: "connecting", since: clock.now() });
    wireOf("a").send(batch([volts, 1000, 12]));
    await turns();
    expect(status("a").state).toBe("connected");
    await clock.advance(5_000);
    wireOf("a").send({ type: "state", state: "asleep" });
    await turns();
    expect(status("a")).toMatchObject({ state: "asleep", since: clock.now() });
  });

  it("that is not enabled stays closed", async () => {
    await start({ vehicles: [car], devices: [{ ...a, enabled: false }] });
    expect(wireOf("a").opened).toHaveLength(0);
    expect(status("a").state).toBe("configured");
  });

  it("gives its newest values, whatever the order they arrive in, and its signals as they are first seen", async () => {
    await start({ vehicles: [car], devices: [a] });
    const told: string[][] = [];
    hub.bus.subscribe("device", ({ device }) => told.push(device.status.signals.map(({ key }) => key)));
    wireOf("a").send(
      batch([volts, 2000, 12.2], [volts, 3000, 12.3], [volts, 1000, 12.1]),
      batch([volts, 2500, 12.25], [amps, 2500, -3], [amps, 2600, Number.NaN]),
      batch([volts, 4000, 12.4]),
    );
    await turns();
    expect(told).toEqual([["volts"], ["volts", "amps"]]);
    expect([...hub.latest(id("a")).values()].map(({ value, time }) => [value, time])).toEqual([
      [12.4, 4000],
      [-3, 2500],
    ]);
    expect(status("a")).toMatchObject({ lastSeen: 4000, counters: { samples: 7, invalid: 1 } });
  });

  it("whose clock was far ahead is believed again once it is right", async () => {
    await start({ vehicles: [car], devices: [a] });
    wireOf("a").send(batch([volts, clock.now() + 86_400_000, 99]), batch([volts, clock.now(), 12]));
    await turns();
    expect(hub.latest(id("a")).get(volts.key)).toMatchObject({ value: 12, time: clock.now() });
    expect(status("a").lastSeen).toBe(clock.now());
  });

  it("hands its batches to the bus with its vehicle, after its new signals were told", async () => {
    await start({ vehicles: [car], devices: [a] });
    const events: string[] = [];
    hub.bus.subscribe("device", () => events.push("device"));
    hub.bus.subscribe("batch", ({ device, vehicle, batch: { count } }) => events.push(`${device} ${vehicle} ${count}`));
    wireOf("a").send(batch([volts, 1, 1], [volts, 2, 2]), batch([volts, 3, 3]));
    await turns();
    expect(events).toEqual(["device", "a car 2", "a car 1"]);
  });

  it("keeps counting over reconnections", async () => {
    await start({ vehicles: [car], devices: [a] });
    wireOf("a").send(
      { type: "counters", counters: { frames: 5 } },
      { type: "counters", counters: { frames: 7 } },
      lost(),
    );
    await turns();
    await clock.advance(1_000);
    wireOf("a").send({ type: "counters", counters: { frames: 2 } });
    await turns();
    expect(status("a").counters).toMatchObject({ frames: 9, opened: 2, failures: 1 });
  });
});

describe("a lost link", () => {
  it("is opened again after 1, 2, 4 … 60 s, and after 1 s once it has held for a minute", async () => {
    await start({ vehicles: [car], devices: [a] });
    const wire = wireOf("a");
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      wire.send(lost());
      await turns();
      expect(status("a")).toMatchObject({ state: "disconnected", fault: { code: "DEVICE_NO_ANSWER" } });
      const opened = wire.opened.length;
      await clock.advance(seconds * 1000 - 1);
      expect(wire.opened).toHaveLength(opened);
      await clock.advance(1);
      expect(wire.opened).toHaveLength(opened + 1);
      expect(status("a").state).toBe("connecting");
    }
    wire.send(batch([volts, 1, 1]));
    await turns();
    expect(status("a").fault).toBeUndefined();
    await clock.advance(60_000);
    wire.send(lost());
    await turns();
    const opened = wire.opened.length;
    await clock.advance(1_000);
    expect(wire.opened).toHaveLength(opened + 1);
  });

  it("that stays lost is in the log once", async () => {
    await start({ vehicles: [car], devices: [a] });
    for (let n = 0; n < 3; n++) {
      wireOf("a").send(lost());
      await turns();
      await clock.advance(60_000);
    }
    expect(log.lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  });

  it("and anything unexpected that a device throws is retried alike", async () => {
    await start({ vehicles: [car], devices: [a, b] });
    wireOf("a").send(new TypeError("x is not a function"));
    wireOf("b").send("end");
    await turns();
    expect(status("a").fault?.code).toBe("INTERNAL");
    expect(status("b").fault?.code).toBe("DEVICE_ENDED");
    await clock.advance(1_000);
    expect([wireOf("a").opened.length, wireOf("b").opened.length]).toEqual([2, 2]);
  });
});

describe("an error that only a person can mend", () => {
  it("is not retried until the settings change", async () => {
    await start({ vehicles: [car], devices: [a] });
    wireOf("a").send(new CarportError("SETTINGS_INVALID", "a: settings.bus"));
    await turns();
    expect(status("a")).toMatchObject({ state: "error", fault: { code: "SETTINGS_INVALID" } });
    await clock.advance(3_600_000);
    expect(wireOf("a").opened).toHaveLength(1);
    await hub.updateDevice(id("a"), { settings: { bus: "b" } });
    await turns();
    expect(status("a")).toMatchObject({ state: "connecting" });
    expect(wireOf("a").settings).toEqual([{ bus: "a" }, { bus: "b" }]);
  });
});

describe("a device that hangs", () => {
  it("in opening is given up after a minute and tried again", async () => {
    await start({ vehicles: [car], devices: [a] });
    await clock.advance(60_000);
    await turns();
    expect(status("a")).toMatchObject({ state: "disconnected", fault: { code: "DEVICE_NO_ANSWER" } });
    await clock.advance(1_000);
    expect(wireOf("a").opened).toHaveLength(2);
  });

  it("and ignores that it is to close is left behind, and what it says later is not heard", async () => {
    let release = (_: DeviceOutput) => {};
    let openings = 0;
    await start({
      vehicles: [car],
      devices: [a],
      open: async function* () {
        openings++;
        yield batch([volts, 1, 1]);
        yield await new Promise<DeviceOutput>((resolve) => (release = resolve));
      },
    });
    const late = release;
    await hub.updateDevice(id("a"), { settings: { bus: "b" } });
    await clock.advance(1_999);
    expect(openings).toBe(1);
    await clock.advance(1);
    await turns();
    expect(openings).toBe(2);
    expect(status("a").counters).toMatchObject({ abandoned: 1 });
    expect(log.lines).toContainEqual(expect.stringContaining("[DEVICE_HUNG]"));
    late(batch([volts, 5, 666]));
    await turns();
    expect(hub.latest(id("a")).get(volts.key)?.value).toBe(1);
  });

  it("holds up neither the others nor the stop", async () => {
    await start({
      vehicles: [car],
      devices: [a, b],
      open: (wire, context) =>
        context.device === "a"
          ? (async function* (): AsyncGenerator<DeviceOutput> {
              await new Promise(() => {});
            })()
          : wireOf(context.device).open(wire, context),
    });
    wireOf("b").send(batch([volts, 1, 12]));
    await turns();
    expect(status("b").state).toBe("connected");
    const stopped = hub.stop();
    await clock.advance(2_000);
    await stopped;
    expect(log.lines).toContainEqual(expect.stringMatching(/a: .*\[DEVICE_HUNG\]/));
  });
});

describe("a device that floods", () => {
  it("is slowed down, and the others keep their turn", async () => {
    let flooded = 0;
    await start({
      vehicles: [car],
      devices: [a, b],
      open: (wire, context) =>
        context.device === "a"
          ? (async function* () {
              for (;;) {
                flooded++;
                yield batch([volts, flooded, flooded]);
              }
            })()
          : wireOf(context.device).open(wire, context),
    });
    wireOf("b").send(batch([volts, 1, 12]));
    await turns();
    expect(status("b").state).toBe("connected");
    await clock.advance(3_000);
    await clock.untilSleeping();
    expect(flooded).toBeLessThanOrEqual(401);
    expect(status("a").counters["throttled"]).toBeGreaterThan(0);
  });
});

describe("a change of the settings", () => {
  it("reopens only the device it concerns, after the old link has closed", async () => {
    await start({ vehicles: [car], devices: [a, b] });
    await hub.updateDevice(id("a"), { settings: { bus: "b" } });
    await turns();
    expect([wireOf("a").opened.length, wireOf("b").opened.length]).toEqual([2, 1]);
    expect(wireOf("a").opened[0]?.signal.aborted).toBe(true);
    await hub.updateDevice(id("a"), { name: "New name" });
    await turns();
    expect(wireOf("a").opened).toHaveLength(2);
    expect(hub.device(id("a"))?.record.name).toBe("New name");
  });

  it("made by hand is applied like one made through the hub", async () => {
    await start({ vehicles: [car], devices: [a, b] });
    const events: string[] = [];
    hub.bus.subscribe("device", ({ device }) => events.push(`${device.record.id} ${device.status.state}`));
    hub.bus.subscribe("device-removed", ({ device }) => events.push(`${device} removed`));
    hub.bus.subscribe("vehicle", ({ vehicle }) => events.push(`${vehicle.id}`));
    hub.bus.subscribe("vehicle-removed", ({ vehicle }) => events.push(`${vehicle} removed`));
    await writeFile(join(folder, "vehicles.json"), JSON.stringify({ version: 1, vehicles: [van] }));
    await writeFile(
      join(folder, "devices.json"),
      JSON.stringify({
        version: 1,
        devices: [
          { ...b, enabled: false, vehicle: "van" },
          { ...a, id: "c", vehicle: "van" },
        ],
      }),
    );
    await settings.reload();
    await turns();
    expect(events).toEqual(["van", "a removed", "b configured", "c configured", "car removed", "c connecting"]);
    expect(wireOf("a").opened[0]?.signal.aborted).toBe(true);
    expect(hub.device(id("a"))).toBeUndefined();
  });

  it("switches a device off and on", async () => {
    await start({ vehicles: [car], devices: [a] });
    await hub.updateDevice(id("a"), { enabled: false });
    await turns();
    expect(status("a").state).toBe("configured");
    await hub.updateDevice(id("a"), { enabled: true });
    await turns();
    expect(status("a").state).toBe("connecting");
  });
});

describe("rebinding", () => {
  it("sends what is measured from then on to the new vehicle, and shows no value of the old one", async () => {
    await start({ vehicles: [car, van], devices: [a] });
    const seen: (string | undefined)[] = [];
    hub.bus.subscribe("batch", ({ vehicle }) => seen.push(vehicle));
    wireOf("a").send(batch([volts, 1, 12]));
    await turns();
    await hub.updateDevice(id("a"), { vehicle: id("van") });
    expect(hub.latest(id("a")).size).toBe(0);
    expect(status("a").signals).toEqual([volts]);
    wireOf("a").send(batch([volts, 2, 13]));
    await turns();
    expect(seen).toEqual(["car", "van"]);
    expect(wireOf("a").opened).toHaveLength(1);
  });
});

describe("ids", () => {
  it("are slugs of names, and never given again", async () => {
    await start();
    expect(await hub.addVehicle({ name: "Family Leaf (2013)" })).toBe("family-leaf-2013");
    expect(await hub.addVehicle({ name: "Family Leaf (2013)" })).toBe("family-leaf-2013-2");
    await hub.removeVehicle(id("family-leaf-2013-2"));
    expect(await hub.addVehicle({ name: "Family Leaf (2013)" })).toBe("family-leaf-2013-3");
    expect(await hub.addVehicle({ name: "车" })).toBe("vehicle");
    const device = await hub.addDevice({ kind: "wire", name: "Leaf CAN" });
    await hub.removeDevice(device);
    expect(await hub.addDevice({ kind: "wire", name: "Leaf CAN" })).toBe("leaf-can-2");
  });
});

describe("a device without a vehicle", () => {
  it("gets one of its own", async () => {
    await start({ vehicles: [car] });
    const device = await hub.addDevice({ kind: "wire", name: "Probe" });
    expect(hub.device(device)?.record.vehicle).toBe("vehicle-2");
    expect(hub.vehicle(id("vehicle-2"))?.name).toBe("Vehicle 2");
  });

  it("gets one when it was written by hand, and both files say so", async () => {
    const { vehicle: _, ...stray } = a;
    const adopted = new Promise<void>((resolve) => {
      void start({ devices: [stray] }).then(() => {
        const wait = () => (hub.device(id("a"))?.record.vehicle ? resolve() : setImmediate(wait));
        wait();
      });
    });
    await adopted;
    expect(hub.vehicles()).toEqual([{ id: "vehicle-1", name: "Vehicle 1", kind: "car" }]);
    expect(JSON.parse(await readFile(join(folder, "devices.json"), "utf8")).devices[0].vehicle).toBe("vehicle-1");
  });
});

describe("an edit", () => {
  it("of what does not exist, or of a vehicle that is in use, is refused", async () => {
    await start({ vehicles: [car], devices: [a] });
    await expect(hub.removeVehicle(id("car"))).rejects.toThrow("[VEHICLE_IN_USE]");
    await expect(hub.removeVehicle(id("van"))).rejects.toThrow("[VEHICLE_UNKNOWN]");
    await expect(hub.updateDevice(id("z"), { name: "Z" })).rejects.toThrow("[DEVICE_UNKNOWN]");
    await expect(hub.addDevice({ kind: "wire", name: "" })).rejects.toThrow("devices[1].name: too small");
    await expect(hub.updateDevice(id("a"), { vehicle: id("nowhere") })).rejects.toThrow("vehicles.json has no nowhere");
    expect(hub.device(id("a"))?.record.name).toBe("A");
  });
});

describe("after a restart", () => {
  it("a parked car has the signals and values it had, with their true age", async () => {
    await start({ vehicles: [car], devices: [a] }, [
      { device: id("a"), vehicle: id("van"), signal: volts, last: { time: 9000, value: 99 } },
      { device: id("a"), vehicle: id("car"), signal: volts, last: { time: 5000, value: 12 } },
      { device: id("a"), vehicle: id("car"), signal: amps, last: undefined },
      { device: id("gone"), vehicle: id("car"), signal: amps, last: undefined },
    ]);
    expect(status("a")).toMatchObject({ signals: [volts, amps], lastSeen: 5000 });
    expect([...hub.latest(id("a")).values()]).toEqual([{ signal: volts, time: 5000, value: 12 }]);
  });

  it("a signal that is described otherwise now is told", async () => {
    await start({ vehicles: [car], devices: [a] }, [
      { device: id("a"), vehicle: id("car"), signal: signal("volts", "Old name"), last: undefined },
      { device: id("a"), vehicle: id("car"), signal: structuredClone(amps), last: undefined },
    ]);
    const names: string[][] = [];
    hub.bus.subscribe("device", ({ device }) => names.push(device.status.signals.map(({ name }) => name).sort()));
    wireOf("a").send({ type: "state", state: "connected" }, batch([volts, 1, 1], [amps, 1, 1]), batch([volts, 2, 2]));
    await turns();
    expect(names).toEqual([
      ["Old name", "amps"],
      ["amps", "volts"],
    ]);
  });
});

describe("what a device or Carport itself has to add", () => {
  it("a device that retries its link itself is disconnected with its reason, which is told once", async () => {
    await start({ vehicles: [car], devices: [a] });
    const fault = lost();
    wireOf("a").send({ type: "state", state: "disconnected", fault });
    await turns();
    expect(status("a")).toMatchObject({ state: "disconnected", fault: { code: fault.code, nextStep: fault.nextStep } });
    expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([`warn a: ${fault.message} ${fault.nextStep}`]);
    wireOf("a").send({ type: "state", state: "connected" });
    await turns();
    expect(status("a")).not.toHaveProperty("fault");
    expect(wireOf("a").opened).toHaveLength(1);
  });

  it("what is computed of a device becomes its signals, and says nothing of its link", async () => {
    await start({ vehicles: [car], devices: [a] });
    wireOf("a").send({ type: "state", state: "asleep" });
    await turns();
    const heard: unknown[] = [];
    hub.bus.subscribe("batch", ({ device, vehicle }) => heard.push([device, vehicle]));
    const computed = batch([amps, clock.now(), 3]);
    if (computed.type === "batch") hub.derive(id("a"), computed.batch);
    expect(hub.latest(id("a")).get(amps.key)?.value).toBe(3);
    expect(status("a").signals).toContainEqual(amps);
    expect(status("a").state).toBe("asleep");
    expect(heard).toEqual([["a", "car"]]);
  });
});
