import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { KeptLog } from "../../../test/kept-log.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import type { Environment } from "./overrides.ts";
import { Settings } from "./settings.ts";

const probe: DeviceKind = {
  kind: "can-probe",
  title: "Probe",
  settings: z.strictObject({
    bus: z.string().min(1).describe("Where"),
    speed: z.int().default(500).describe("How fast"),
    token: z.string().default("").meta({ secret: true, description: "Who" }),
    filter: z.strictObject({ standard: z.boolean().default(true).describe("11-bit ids") }).prefault({}),
  }),
  async *open() {},
};
const kinds = new Map([[probe.kind, probe]]);

let folder: string;
let log: KeptLog;
const clock = new ManualClock(Date.UTC(2026, 10, 21, 10, 15));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-settings-"));
  log = new KeptLog();
});
afterEach(() => rm(folder, { recursive: true }));

const put = (file: string, content: unknown) =>
  writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
const text = (file: string) => readFile(join(folder, file), "utf8");

async function load(env: Environment = {}): Promise<Settings> {
  const settings = new Settings({ folder, env, kinds, clock, log });
  await settings.load();
  return settings;
}

const messages = (settings: Settings) => settings.problems.map((problem) => problem.message);

const leaf = { id: "leaf", name: "Leaf" };
const probe0 = { id: "probe-0", kind: "can-probe", name: "Probe", vehicle: "leaf", settings: { bus: "can0" } };
const vehicles = (...list: unknown[]) => ({ version: 1, vehicles: list });
const devices = (...list: unknown[]) => ({ version: 1, devices: list });

describe("the settings files", () => {
  it("may be absent: the defaults are in force and nothing is written", async () => {
    const settings = await load();
    expect(settings.system.mqtt.port).toBe(1883);
    expect([settings.vehicles, settings.devices, settings.problems]).toEqual([[], [], []]);
    expect(await readdir(folder)).toEqual(["last-good"]);
  });

  it("give vehicles, and devices with the defaults of their kind", async () => {
    await put("vehicles.json", vehicles(leaf));
    await put("devices.json", devices(probe0));
    const settings = await load();
    expect(settings.vehicles).toEqual([{ id: "leaf", name: "Leaf", kind: "car" }]);
    expect(settings.devices).toEqual([
      { ...probe0, enabled: true, settings: { bus: "can0", speed: 500, token: "", filter: { standard: true } } },
    ]);
  });
});

describe("a file that is wrong", () => {
  it.each([
    [
      "devices.json",
      devices(probe0, { ...probe0, id: "b", settings: { bus: 5 } }),
      "devices[1].settings.bus: invalid input: expected string, received number",
    ],
    [
      "devices.json",
      devices({ ...probe0, settings: { bus: "can0", spede: 1 } }),
      "devices[0].settings.spede: no setting has this name, did you mean speed?",
    ],
    [
      "devices.json",
      devices({ ...probe0, kind: "canprobe" }),
      "devices[0].kind: no such kind: did you mean can-probe?",
    ],
    [
      "devices.json",
      devices({ ...probe0, id: "Probe 0" }),
      "devices[0].id: lower-case letters, digits, - and _, 64 at most",
    ],
    ["devices.json", devices(probe0, { ...probe0, id: "probe_0" }), "devices[1].id: there is another one with this id"],
    [
      "devices.json",
      devices({ ...probe0, vehicle: "laef" }),
      "devices[0].vehicle: vehicles.json has no laef, did you mean leaf?",
    ],
    [
      "vehicles.json",
      vehicles({ ...leaf, kind: "tank" }),
      'vehicles[0].kind: invalid option: expected one of "car"|"van"|"motorcycle"|"boat"|"trailer"|"other"',
    ],
    ["vehicles.json", vehicles(), "vehicles: leaf is gone, but probe-0 of devices.json is in it"],
    ["system.json", { version: 1, mqtt: { hots: "x" } }, "mqtt.hots: no setting has this name, did you mean host?"],
    ["system.json", { mqtt: {} }, "version: invalid input: expected number, received undefined"],
    ["system.json", [], "invalid input: expected object, received array"],
    ["system.json", '{"version": 1,\n "mqtt": {"password": hunter2}}', "line 2, column 23: expected a value"],
    ["system.json", "", "line 1, column 1: the file ends too early"],
    ["system.json", "\0".repeat(512), "line 1, column 1: expected a value"],
    ["system.json", { version: 2 }, "version 2"],
    ["system.json", JSON.stringify({ version: 1 }) + " ".repeat(1_000_000), "larger than 1 MB"],
    ["system.json", '{"version": 1, "__proto__": {"polluted": true}}', "__proto__: no setting has this name"],
    [
      "devices.json",
      `{"version": 1, "devices": [{"id": "a", "kind": "can-probe", "name": "A", "settings": {"bus": "x", "__proto__": {}}}]}`,
      "devices[0].settings.__proto__: no setting has this name",
    ],
    ["devices.json", devices({ ...probe0, kind: "constructor" }), "devices[0].kind: no such kind: one of can-probe"],
  ])("is refused whole with the path: %s %#", async (file, content, message) => {
    await put("system.json", { version: 1, mqtt: { host: "broker" } });
    await put("vehicles.json", vehicles(leaf));
    await put("devices.json", devices(probe0));
    const settings = await load();
    const before = [settings.system, settings.vehicles, settings.devices];

    await put(file, content);
    await settings.reload();

    expect(messages(settings)).toEqual([expect.stringContaining(`${file}: ${message}: `)]);
    expect([settings.system, settings.vehicles, settings.devices]).toEqual(before);
    expect("polluted" in {}).toBe(false);
    expect(log.lines.join()).not.toContain("hunter2");
  });

  it("leaves the last good one in force over a restart, and comes into force once corrected", async () => {
    await put("system.json", { version: 1, mqtt: { host: "broker" } });
    await load();
    await put("system.json", "{");
    const settings = await load();
    expect(settings.system.mqtt.host).toBe("broker");
    expect(messages(settings)).toHaveLength(1);

    await put("system.json", { version: 1, mqtt: { host: "other" } });
    await settings.reload();
    expect(settings.system.mqtt.host).toBe("other");
    expect(settings.problems).toEqual([]);
  });

  it("is reported once, not on every reading", async () => {
    await put("system.json", "{");
    const settings = await load();
    await settings.reload();
    expect(log.lines).toEqual([
      expect.stringMatching(/^error system\.json: line 1, column 2: .*SETTINGS_SYNTAX.* Correct/),
    ]);
  });

  it("that cannot be read at all leaves the last good one in force", async () => {
    await put("system.json", { version: 1, mqtt: { host: "broker" } });
    const settings = await load();
    await rm(join(folder, "system.json"));
    await import("node:fs/promises").then((fs) => fs.mkdir(join(folder, "system.json")));
    await settings.reload();
    expect(settings.system.mqtt.host).toBe("broker");
    expect(messages(settings)).toEqual([expect.stringContaining("[SETTINGS_UNREADABLE]")]);
  });

  it("that has gone is put back from the last good copy", async () => {
    await put("vehicles.json", vehicles(leaf));
    await load();
    await rm(join(folder, "vehicles.json"));
    const settings = await load();
    expect(settings.vehicles).toHaveLength(1);
    expect(messages(settings)).toEqual([expect.stringContaining("[SETTINGS_MISSING]")]);
    expect(JSON.parse(await text("vehicles.json")).vehicles).toEqual([leaf]);
  });

  it("is kept aside when an edit is saved over it", async () => {
    await put("system.json", "{ half done");
    const settings = await load();
    await settings.editSystem((raw) => ({ ...raw, log: { level: "debug" } }));
    expect(settings.system.log.level).toBe("debug");
    expect(settings.problems).toEqual([]);
    expect(await text("system.json.refused-20261121T101500Z")).toBe("{ half done");
  });
});

describe("vehicles.json and devices.json", () => {
  it("come into force together when a vehicle and its device change their id, whichever is saved first", async () => {
    for (const order of [
      ["vehicles.json", "devices.json"],
      ["devices.json", "vehicles.json"],
    ] as const) {
      await put("vehicles.json", vehicles(leaf));
      await put("devices.json", devices(probe0));
      const settings = await load();
      const renamed = {
        "vehicles.json": vehicles({ id: "old-leaf", name: "Leaf" }),
        "devices.json": devices({ ...probe0, vehicle: "old-leaf" }),
      };
      for (const file of order) {
        expect(settings.vehicles[0]?.id).toBe("leaf");
        await put(file, renamed[file]);
        await settings.reload();
      }
      expect([settings.vehicles[0]?.id, settings.devices[0]?.vehicle]).toEqual(["old-leaf", "old-leaf"]);
      expect(settings.problems).toEqual([]);
    }
  });

  it("remember ids of what was removed by hand, over a restart", async () => {
    await put("vehicles.json", vehicles(leaf));
    await load();
    await put("vehicles.json", vehicles());
    await load();
    const settings = await load();
    await settings.edit((garage) => {
      expect(garage.vehicles.retired).toEqual(["leaf"]);
      return garage;
    });
  });
});

describe("environment variables", () => {
  it("win over the files and are never written into them", async () => {
    await put("system.json", { version: 1, mqtt: { host: "file", port: 1 } });
    await put("vehicles.json", vehicles(leaf, { id: "van", name: "Van" }));
    await put("devices.json", devices(probe0));
    const settings = await load({
      CARPORT_MQTT_HOST: "env",
      CARPORT_MQTT_TLS: "yes",
      CARPORT_MQTT_DISCOVERY_PREFIX: "ha",
      CARPORT_MQTT_PORT: "",
      CARPORT_VEHICLES_LEAF_NAME: "Family Leaf",
      CARPORT_DEVICES_PROBE_0_VEHICLE: "van",
      CARPORT_DEVICES_PROBE_0_SETTINGS_BUS: "can1",
      CARPORT_DEVICES_PROBE_0_SETTINGS_SPEED: "250",
      CARPORT_DEVICES_PROBE_0_SETTINGS_FILTER_STANDARD: "off",
    });
    expect(settings.problems).toEqual([]);
    expect(settings.system.mqtt).toMatchObject({ host: "env", port: 1, tls: true, discoveryPrefix: "ha" });
    expect(settings.vehicles[0]?.name).toBe("Family Leaf");
    expect(settings.devices[0]).toMatchObject({
      vehicle: "van",
      settings: { bus: "can1", speed: 250, filter: { standard: false } },
    });

    await settings.editSystem((raw) => ({ ...raw, log: { level: "warn" } }));
    await settings.edit(({ vehicles, devices }) => ({
      vehicles: { ...vehicles },
      devices: { ...devices, devices: devices.devices.map((device) => ({ ...device, enabled: false })) },
    }));
    expect(JSON.parse(await text("system.json"))).toEqual({
      version: 1,
      mqtt: { host: "file", port: 1 },
      log: { level: "warn" },
    });
    expect(JSON.parse(await text("vehicles.json")).vehicles[0].name).toBe("Leaf");
    expect(JSON.parse(await text("devices.json")).devices).toEqual([{ ...probe0, enabled: false }]);
  });

  it("may give what a file lacks", async () => {
    await put("devices.json", devices({ id: "p", kind: "can-probe", name: "P" }));
    expect((await load()).devices).toEqual([]);
    const settings = await load({ CARPORT_DEVICES_P_SETTINGS_BUS: "can0" });
    expect(settings.devices).toHaveLength(1);
  });

  it("with a wrong value are named, and the file's value stays in force", async () => {
    await put("system.json", { version: 1, mqtt: { port: 8883 } });
    const settings = await load({ CARPORT_MQTT_PORT: "0x10", CARPORT_MQTT_HOST: "env", CARPORT_LOG_LEVEL: "loud" });
    expect(settings.system).toMatchObject({ mqtt: { port: 8883, host: "env" }, log: { level: "info" } });
    expect(messages(settings)).toEqual([
      expect.stringMatching(/^CARPORT_LOG_LEVEL: invalid option: expected one of .*OVERRIDE_INVALID/),
      expect.stringMatching(/^CARPORT_MQTT_PORT: invalid input: expected number, received string.*OVERRIDE_INVALID/),
    ]);
  });

  it("that set nothing are pointed out with the nearest name", async () => {
    await put("vehicles.json", vehicles(leaf));
    const settings = await load({
      CARPORT_MQTT_HSOT: "x",
      CARPORT_VEHICLES_LAEF_NAME: "x",
      CARPORT_DATA: "x",
      PATH: "x",
    });
    expect(messages(settings)).toEqual([
      expect.stringContaining("CARPORT_MQTT_HSOT (CARPORT_MQTT_HOST?): no setting has this name"),
      expect.stringContaining("CARPORT_VEHICLES_LAEF_NAME (CARPORT_VEHICLES_LEAF_NAME?): no setting has this name"),
    ]);
  });

  it("of any content can make Carport neither fail nor show what they hold", async () => {
    await put("vehicles.json", vehicles(leaf));
    await put("devices.json", devices(probe0));
    const names = ["MQTT_PORT", "MQTT_PASSWORD", "LOG_LEVEL", "SAFE_MODE", "DEVICES_PROBE_0_SETTINGS_FILTER_STANDARD"];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names, "VEHICLES_LEAF_VIN", "DEVICES_PROBE_0_SETTINGS_TOKEN"),
        fc.string({ minLength: 8, unit: "grapheme" }),
        async (name, value) => {
          log.lines.length = 0;
          const settings = await load({ [`CARPORT_${name}`]: value });
          expect(settings.devices).toHaveLength(1);
          for (const message of messages(settings)) expect(message).toMatch(new RegExp(`^CARPORT_${name}: `));
          expect(log.lines.join()).not.toContain(value);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("and files yield the values that must not be shown", async () => {
    await put("system.json", { version: 1, mqtt: { password: "from-file" } });
    await put("vehicles.json", vehicles({ ...leaf, vin: "SJNFAAZE0U0000001" }));
    await put("devices.json", devices(probe0));
    const settings = await load({ CARPORT_DEVICES_PROBE_0_SETTINGS_TOKEN: "from-env" });
    expect(settings.secrets).toEqual(["from-file", "SJNFAAZE0U0000001", "from-env"]);
  });
});

describe("an edit", () => {
  it("that would not be valid changes nothing and names the path", async () => {
    const settings = await load();
    const edit = settings.edit((garage) => ({
      ...garage,
      devices: {
        ...garage.devices,
        devices: [{ ...garage.devices.devices[0], id: "x" as never, kind: "can-probe", name: "X" }],
      },
    }));
    await expect(edit).rejects.toThrow(
      "devices.json: devices[0].settings.bus: invalid input: expected string, received undefined: so nothing was changed [SETTINGS_REFUSED]",
    );
    expect(settings.devices).toEqual([]);
    expect(await readdir(folder)).toEqual(["last-good"]);
  });

  it("does not undo what was changed by hand a moment before", async () => {
    await put("vehicles.json", vehicles(leaf));
    const settings = await load();
    await put("vehicles.json", vehicles(leaf, { id: "van", name: "Van" }));
    await settings.edit(({ vehicles, devices }) => ({
      vehicles: { ...vehicles, vehicles: vehicles.vehicles.map((vehicle) => ({ ...vehicle, kind: "van" })) },
      devices,
    }));
    expect(settings.vehicles.map(({ id, kind }) => [id, kind])).toEqual([
      ["leaf", "van"],
      ["van", "van"],
    ]);
  });
});

describe("a change by hand", () => {
  it.each([
    ["written in place", (path: string, content: string) => writeFile(path, content)],
    [
      "saved by an editor that renames",
      async (path: string, content: string) => {
        await writeFile(`${path}.swp`, content);
        await rename(path, `${path}~`);
        await rename(`${path}.swp`, path);
      },
    ],
  ])("is in force without a restart: %s", async (_, save) => {
    await put("system.json", { version: 1 });
    const settings = await load();
    const stop = new AbortController();
    settings.watch(stop.signal);
    for (const host of ["first", "second"]) {
      const changed = new Promise<void>((resolve) => {
        const unsubscribe = settings.subscribe(() => {
          unsubscribe();
          resolve();
        });
      });
      await save(join(folder, "system.json"), JSON.stringify({ version: 1, mqtt: { host } }));
      await clock.untilSleeping();
      await clock.advance(200);
      await changed;
      expect(settings.system.mqtt.host).toBe(host);
    }
    stop.abort();
  });

  it("cannot be noticed where the folder cannot be watched, which is said", async () => {
    const settings = await load();
    await rm(folder, { recursive: true });
    settings.watch(AbortSignal.timeout(60_000));
    expect(messages(settings)).toEqual([expect.stringContaining("[SETTINGS_NOT_WATCHED]")]);
    await import("node:fs/promises").then((fs) => fs.mkdir(folder));
  });
});
