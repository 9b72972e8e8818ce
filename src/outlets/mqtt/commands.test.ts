import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { isDeviceId } from "#domain/ids.ts";
import { aborted } from "#hub/aborted.ts";
import { Hub } from "#hub/hub.ts";
import { Settings } from "#hub/settings/settings.ts";
import { eventually, openBroker, openCarport, openWatch } from "../../../test/connected-carport.ts";
import { can0, household, samples, soc } from "../../../test/household.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { silentLog } from "../../../test/memory-garage.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";
import { noServices } from "../../../test/no-services.ts";
import { Commands } from "./commands.ts";
import { type Message, TopicTree } from "./topics.ts";

const NOON = Date.UTC(2026, 5, 1, 12);

let hub: Hub;
let opened: number;

const kind: DeviceKind = {
  kind: "beacon",
  title: "Beacon",
  settings: z.strictObject({}),
  async *open(_, { signal }) {
    opened++;
    yield { type: "state", state: "asleep" };
    await aborted(signal);
  },
  async *discover() {
    const id = "found-one";
    if (isDeviceId(id)) yield { id, name: "Beacon", settings: {}, evidence: "heard" };
  },
};

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "carport-commands-"));
  const clock = new ManualClock(NOON);
  const kinds = new Map([[kind.kind, kind]]);
  const settings = new Settings({ folder, env: {}, kinds, clock, log: silentLog });
  await settings.load();
  opened = 0;
  hub = new Hub({ settings, kinds, services: noServices, clock, log: silentLog });
  hub.prepare();
  onTestFinished(async () => {
    const stopped = hub.stop();
    await clock.advance(2_000);
    await stopped;
    await rm(folder, { recursive: true });
  });
});

describe("at a broker", () => {
  async function connected() {
    const broker = await openBroker();
    const watch = await openWatch(broker);
    const mqtt = openCarport({ garage: hub, owner: hub, settings: settingsFor(broker) });
    await watch.untilStanding("carport/status", "online");
    return { watch, mqtt };
  }

  it("a command is done and answered, and nothing of it stays there", async () => {
    await hub.addDevice({ kind: "beacon", name: "Bow" });
    hub.start();
    const { watch } = await connected();
    await eventually(() => opened).toBe(1);
    await watch.say("carport/device/bow/command", '{"command":"reconnect","id":"42"}');
    await watch.untilStanding("carport/device/bow/response", '{"command":"reconnect","id":"42","ok":true}');
    await eventually(() => opened).toBe(2);
    await watch.say("carport/device/bow/command", '{"command":"disable"}');
    await watch.untilStanding("carport/device/bow/response", '{"command":"disable","ok":true}');
    expect(hub.devices()[0]?.record.enabled).toBe(false);
  });

  it("garbage is ignored and counted, whatever it is", async () => {
    await hub.addDevice({ kind: "beacon", name: "Bow" });
    const { watch, mqtt } = await connected();
    const garbage = ["", "{", "null", "[]", '{"command":7}', '{"command":"enable","x":1}', `"${"x".repeat(9_000)}"`];
    for (const text of garbage.slice(1)) await watch.say("carport/device/bow/command", text);
    await watch.say("carport/device/ghost/command", '{"command":"enable"}');
    await watch.say("carport/device/bow/command", '{"command":"enable"}', true);
    // In MQTT 3.1.1 a message that is retained after the subscription comes as one that is not.
    await eventually(() => mqtt.status().discarded).toBeGreaterThanOrEqual(garbage.length);
    expect(hub.devices()).toHaveLength(1);
  });

  it("what is found is told once, and is no page in Home Assistant until the owner takes it in", async () => {
    const { watch } = await connected();
    await hub.search();
    await watch.untilStanding("carport/discovery/found");
    expect(JSON.parse(watch.standing.get("carport/discovery/found") ?? "")).toEqual({
      id: "found-one",
      kind: "beacon",
      name: "Beacon",
      evidence: "heard",
      found_at: "2026-06-01T12:00:00.000Z",
    });
    expect([...watch.standing.keys()].filter((topic) => topic.includes("found-one"))).toEqual([]);
  });
});

describe("commands", () => {
  const bow = "bow";
  const topics = new TopicTree("carport", "homeassistant");
  let told: Message[];
  let commands: Commands;
  beforeEach(async () => {
    await hub.addDevice({ kind: "beacon", name: "Bow" });
    told = [];
    commands = new Commands(hub, topics, (message) => told.push(message));
  });

  it("are done once per mark, and not at all when they were retained", async () => {
    expect(commands.take(bow, '{"command":"reconnect","id":"1"}', false)).toBe(true);
    expect(commands.take(bow, '{"command":"reconnect","id":"1"}', false)).toBe(false);
    expect(commands.take(bow, '{"command":"reconnect","id":"2"}', true)).toBe(false);
    await eventually(() => told.length).toBe(1);
    expect(told[0]).toMatchObject({ topic: "carport/device/bow/response", qos: 1, passing: true });
  });

  it("that do not exist are answered with what to do", async () => {
    for (const command of ["explode", "constructor", "__proto__"]) {
      expect(commands.take(bow, JSON.stringify({ command }), false)).toBe(true);
    }
    await eventually(() => told.length).toBe(3);
    for (const { payload } of told) {
      expect(JSON.parse(payload)).toMatchObject({ ok: false, error: { code: "COMMAND_UNKNOWN" } });
    }
  });

  it("in a flood are limited", async () => {
    const taken = Array.from({ length: 100 }, () => commands.take(bow, '{"command":"disable"}', false));
    expect(taken.filter(Boolean)).toHaveLength(16);
    await eventually(() => told.length).toBe(16);
    expect(commands.take(bow, '{"command":"enable"}', false)).toBe(true);
    await eventually(() => told.length).toBe(17);
  });

  it("of any other content do nothing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.string(), (text, device) => {
        expect(commands.take(bow, text, false)).toBe(false);
        expect(commands.take(device, '{"command":"enable"}', false)).toBe(device === bow);
      }),
    );
  });

  it("are ignored where nobody may change anything", () => {
    const deaf = new Commands(undefined, topics, (message) => told.push(message));
    expect(deaf.take(bow, '{"command":"enable"}', false)).toBe(false);
  });
});

describe("the topics of the whole", () => {
  it("tell a reading at once and then at most every 10 s, with the values of now", async () => {
    const garage = household(undefined, { lastSeen: NOON });
    const broker = await openBroker();
    const watch = await openWatch(broker);
    openCarport({ garage, settings: settingsFor(broker) });
    await watch.untilStanding("carport/status", "online");
    const reading = "carport/device/can0/reading";
    for (const value of [50, 51, 52]) garage.publish(can0, samples(NOON + value, [soc, value]));
    await watch.untilStanding(reading);
    expect(JSON.parse(watch.standing.get(reading) ?? "")).toEqual({
      time: "2026-06-01T12:00:00.052Z",
      vehicle: "family-leaf",
      values: { soc: 52 },
    });
    expect(watch.count(reading)).toBe(1);
    expect(JSON.parse(watch.standing.get("carport/system/status") ?? "")).toMatchObject({
      version: "1.2.3",
      vehicles: 1,
      devices: 1,
      states: { connected: 1 },
    });
    expect(JSON.parse(watch.standing.get("carport/device/can0/status") ?? "")).toMatchObject({ state: "connected" });
    const later = await openWatch(broker);
    await later.untilStanding("carport/system/status");
    expect(later.standing.has(reading)).toBe(false);
  });
});
