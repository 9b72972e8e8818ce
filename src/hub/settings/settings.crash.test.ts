import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { type DeviceId, isDeviceId, isVehicleId } from "#domain/ids.ts";
import { KeptLog } from "../../../test/kept-log.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { adoptFound, keepFound } from "../found-edits.ts";
import { mergeVehicles } from "../garage-edits.ts";
import { type Disk, realDisk } from "./disk.ts";
import { type GarageRaw, Settings } from "./settings.ts";

const probe: DeviceKind = {
  kind: "can-probe",
  title: "Probe",
  settings: z.strictObject({ bus: z.string().default("can0").describe("Where") }),
  async *open() {},
};
const kinds = new Map([[probe.kind, probe]]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

class PowerCut extends Error {}

/** A disk whose power fails at its n-th change: a write is then half done, and nothing happens afterwards. */
function failingDisk(after: number): Disk & { readonly failed: boolean } {
  let left = after;
  const alive = () => {
    if (left <= 0) throw new PowerCut();
  };
  const change = async (work: () => Promise<void>, halfWay: () => Promise<void> = async () => {}) => {
    alive();
    left--;
    await (left === 0 ? halfWay() : work());
    alive();
  };
  return {
    ...realDisk,
    get failed() {
      return left <= 0;
    },
    write: (path, text, mode) =>
      change(
        () => realDisk.write(path, text, mode),
        () => realDisk.write(path, text.slice(0, text.length / 2), mode),
      ),
    sync: () => change(async () => {}),
    rename: (from, to) => change(() => realDisk.rename(from, to)),
    makeFolder: (path) => change(() => realDisk.makeFolder(path)),
  };
}

// What fsync is for cannot be seen from inside the machine that keeps running; it only takes time here.
const quickDisk: Disk = { ...realDisk, sync: async () => {} };

async function load(disk: Disk = quickDisk): Promise<Settings> {
  const settings = new Settings({ folder, env: {}, kinds, clock: new ManualClock(), log: new KeptLog(), disk });
  await settings.load();
  return settings;
}

const editTypes = ["add", "remove", "rename", "swap", "find", "adopt", "merge"] as const;
type Edit = { readonly type: (typeof editTypes)[number]; readonly n: number };

/**
 * Adds or removes a vehicle with its device, renames it, moves its device to a vehicle of its own, keeps a device that was
 * found, takes it in, or merges all vehicles into one.
 */
const apply =
  ({ type, n }: Edit) =>
  (garage: GarageRaw): GarageRaw => {
    const { vehicles, devices } = garage;
    const [vehicle, device, other] = [`car-${n}`, `probe-${n}`, `van-${n}`];
    if (!isVehicleId(vehicle) || !isDeviceId(device) || !isVehicleId(other)) throw new TypeError("not an id");
    const without = <T extends { readonly id: string }>(list: readonly T[], ...ids: string[]) =>
      list.filter(({ id }) => !ids.includes(id));
    const restV = without(vehicles.vehicles, vehicle, other);
    const restD = without(devices.devices, device);
    const withLists = (listV: GarageRaw["vehicles"]["vehicles"], listD: GarageRaw["devices"]["devices"]) => ({
      vehicles: { ...vehicles, vehicles: listV },
      devices: { ...devices, devices: listD },
    });
    const probeIn = (id: typeof vehicle) => ({ id: device, kind: "can-probe", name: `Probe ${n}`, vehicle: id });
    switch (type) {
      case "add":
        return withLists([...restV, { id: vehicle, name: `Car ${n}` }], [...restD, probeIn(vehicle)]);
      case "remove":
        return withLists(restV, restD);
      case "rename":
        return {
          vehicles: { ...vehicles, vehicles: vehicles.vehicles.map((car) => ({ ...car, name: `Car ${n}!` })) },
          devices,
        };
      case "swap":
        return withLists([...restV, { id: other, name: `Van ${n}` }], [...restD, probeIn(other)]);
      case "find":
        return keepFound(garage, [foundProbe(device)]);
      case "adopt":
        return garage.devices.found.some(({ id }) => id === device) ? adoptFound(garage, device, {}).garage : garage;
      case "merge": {
        const [into, ...others] = vehicles.vehicles;
        return into ? others.reduce((merged, { id }) => mergeVehicles(merged, id, into.id).garage, garage) : garage;
      }
    }
  };

const foundProbe = (id: DeviceId) => ({
  id,
  kind: "can-probe",
  name: id,
  settings: { bus: id },
  evidence: "it answered",
  foundAt: "2026-01-01T00:00:00.000Z",
  ignored: false,
});

/** Devices, and those that were found, which are `?`. */
const deviceIds = (settings: Settings) => idsOf(settings.garage);
const idsOf = ({ devices }: GarageRaw) =>
  [...devices.devices.map(({ id }) => id), ...devices.found.map(({ id }) => `?${id}`)].sort();

/** What there is once an edit is done. */
const idsAfter = (settings: Settings, edit: Edit) => idsOf(apply(edit)(settings.garage));

/** Every settings file that is there is whole: a reader who comes at any moment finds valid JSON. */
async function expectWholeFiles(...subfolders: readonly string[]): Promise<void> {
  for (const sub of subfolders) {
    for (const name of await readdir(join(folder, sub)).catch(() => [])) {
      if (!name.endsWith(".json")) continue;
      expect(JSON.parse(await readFile(join(folder, sub, name), "utf8"))).toHaveProperty("version", 1);
    }
  }
}

describe("a power cut", () => {
  it("at any step of any edit leaves whole files and the devices from before or after it", async () => {
    const prepared = await load();
    for (const n of [1, 2]) await prepared.edit(apply({ type: "add", n }));
    await prepared.edit(apply({ type: "find", n: 4 }));
    const idsBefore = deviceIds(prepared);
    const template = `${folder}-template`;
    await rename(folder, template);

    for (const last of [
      { type: "add", n: 3 },
      { type: "swap", n: 1 },
      { type: "remove", n: 2 },
      { type: "find", n: 5 },
      { type: "adopt", n: 4 },
      { type: "merge", n: 0 },
    ] as const) {
      for (let step = 3, cut = true; cut; step++) {
        await rm(folder, { recursive: true, force: true });
        await cp(template, folder, { recursive: true });
        const disk = failingDisk(step);
        const settings = await load(disk);
        const acknowledged = await settings.edit(apply(last)).then(
          () => true,
          () => false,
        );
        await expectWholeFiles("", "last-good");
        const after = await load();
        expect(after.problems.filter(({ code }) => code !== "SETTINGS_CUT_OFF")).toEqual([]);
        const done = idsAfter(prepared, last);
        expect(acknowledged ? [done] : [idsBefore, done]).toContainEqual(deviceIds(after));
        cut = disk.failed;
      }
    }
    await rm(template, { recursive: true });
  });

  it("leaves a cut-off file aside, and says so", async () => {
    const settings = await load(failingDisk(3));
    await expect(settings.edit(apply({ type: "add", n: 1 }))).rejects.toThrow("[SETTINGS_NOT_SAVED]");
    const after = await load();
    expect(after.problems.map(({ message }) => message)).toEqual([
      `${join(folder, "vehicles.json.cut-off-20260101T000000Z")}: this was left by a save that was cut off; it is kept and not used [SETTINGS_CUT_OFF]`,
    ]);
    expect(await readdir(folder)).toContain("vehicles.json.cut-off-20260101T000000Z");
  });

  it("anywhere in any sequence of edits, hand edits, damage and restarts loses no device", async () => {
    const edit = fc.record({
      type: fc.constantFrom(...editTypes),
      n: fc.nat(3),
    });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("edit" as const), edit }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("cut" as const), edit, at: fc.integer({ min: 3, max: 20 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant("damage" as const), file: fc.constantFrom("vehicles", "devices") }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await rm(folder, { recursive: true, force: true });
        let settings = await load();
        let expected = deviceIds(settings);
        for (const one of steps) {
          switch (one.do) {
            case "edit":
              await settings.edit(apply(one.edit));
              expected = deviceIds(settings);
              break;
            case "cut": {
              const done = idsAfter(settings, one.edit);
              settings = await load(failingDisk(one.at));
              const failed = await settings.edit(apply(one.edit)).then(
                () => false,
                () => true,
              );
              await expectWholeFiles("last-good");
              settings = await load();
              expect(failed ? [expected, done] : [done]).toContainEqual(deviceIds(settings));
              expected = deviceIds(settings);
              break;
            }
            case "damage":
              await writeFile(join(folder, `${one.file}.json`), '{"version": 1, "vehi');
              await settings.reload();
              break;
            case "restart":
              settings = await load();
              break;
          }
          expect(deviceIds(settings)).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("kill -9", () => {
  it("at any moment loses no device whose addition was confirmed", async () => {
    const writer = join(import.meta.dirname, "../../../test/settings-writer.ts");
    let confirmed = 0;
    for (const lines of [1, 2, 3]) {
      const child = spawn(process.execPath, [writer, folder], { stdio: ["ignore", "pipe", "inherit"] });
      let seen = 0;
      for await (const line of createInterface(child.stdout)) {
        confirmed = Math.max(confirmed, Number(line));
        // What was printed before the kill took effect counts as well: the loop goes on until the pipe is empty.
        if (++seen === lines * 4) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      const settings = await load();
      expect(settings.problems.filter(({ code }) => code !== "SETTINGS_CUT_OFF")).toEqual([]);
      expect(settings.devices.length).toBeGreaterThanOrEqual(confirmed);
    }
    expect(confirmed).toBeGreaterThanOrEqual(12);
  });
});
