import { describe, expect, it, onTestFinished } from "vitest";
import {
  canPage,
  connectedCarport,
  eventually,
  leafPage,
  openBroker,
  openCarport,
  openWatch,
  socTopic,
} from "../../../test/connected-carport.ts";
import {
  busLoad,
  can0,
  canDevice,
  charging,
  gear,
  household,
  leaf,
  quantity,
  samples,
  soc,
} from "../../../test/household.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";
import { TcpServer } from "../../../test/tcp-server.ts";
import { startEmbeddedBroker } from "./embedded-broker.ts";

const NOON = Date.UTC(2026, 5, 1, 12);

describe("a garage at a broker", () => {
  it("shows its pages, then what stands on them, and last that Carport is there", async () => {
    const garage = household(undefined, { lastSeen: NOON });
    garage.publish(can0, samples(NOON, [soc, 62.5], [charging, 1], [gear, 4], [busLoad, 31.25]));
    const { watch, mqtt } = await connectedCarport(garage);
    // A broker may let other qualities of service overtake QoS 1.
    const topics = watch.heard.map(({ topic }) => topic).filter((topic) => !/signal|last_seen|system/.test(topic));
    expect(topics.slice(0, 2)).toEqual([leafPage, canPage]);
    expect(watch.heard.at(-1)?.topic).toBe("carport/status");
    expect(Object.fromEntries(watch.standing)).toMatchObject({
      "carport/device/can0/availability": "online",
      "carport/device/can0/state": "connected",
      "carport/device/can0/fault": "{}",
      "carport/device/can0/last_seen": "2026-06-01T12:00:00.000Z",
      "carport/device/can0/info": '{"name":"CAN bus","kind":"leaf-can","vehicle":"family-leaf"}',
      [socTopic]: "62.5",
      "carport/device/can0/signal/charging": "ON",
      "carport/device/can0/signal/gear": "Drive",
      "carport/device/can0/signal/bus_load": "31.3",
      "carport/vehicle/family-leaf/state": "connected",
      "carport/vehicle/family-leaf/last_seen": "2026-06-01T12:00:00.000Z",
      "carport/vehicle/family-leaf/info": '{"name":"Family Leaf","kind":"car","devices":["can0"]}',
    });
    expect(JSON.parse(watch.standing.get("carport/vehicle/family-leaf/summary") ?? "")).toMatchObject({
      soc: { value: 62.5, unit: "%", time: "2026-06-01T12:00:00.000Z", device: "can0" },
      charging: { value: true },
      gear: { value: "Drive" },
    });
    expect(mqtt.status()).toMatchObject({
      state: "connected",
      protocol: "3.1.1",
      suppressed: 0,
      dropped: 0,
      discarded: 0,
    });
  });

  it("sends a new value at once and counts what was not worth a message", async () => {
    const { garage, watch, mqtt } = await connectedCarport();
    for (const value of [50, 50, 50]) garage.publish(can0, samples(NOON, [soc, value]));
    await watch.untilStanding(socTopic, "50");
    expect(watch.count(socTopic)).toBe(1);
    expect(mqtt.status().suppressed).toBe(2);
  });

  it("keeps the values of a car that sleeps available, and shows them exactly", async () => {
    const voltage = quantity("voltage", { report: { deadBand: 1, minIntervalMs: 0 } });
    const { garage, watch } = await connectedCarport(household([voltage]));
    for (const value of [12.6, 12.9]) garage.publish(can0, samples(NOON, [voltage, value]));
    garage.putDevice(canDevice, { state: "asleep" });
    await watch.untilStanding("carport/device/can0/state", "asleep");
    expect(watch.standing.get("carport/device/can0/signal/voltage")).toBe("12.9");
    expect(watch.standing.get("carport/device/can0/availability")).toBe("online");
    expect(watch.standing.get("carport/vehicle/family-leaf/state")).toBe("asleep");
  });

  it("says why a link is down, and takes it back when it is up again", async () => {
    const { garage, watch } = await connectedCarport();
    const fault = { code: "CAN_DOWN", message: "can0: the interface is down", nextStep: "Bring it up." };
    garage.putDevice(canDevice, { state: "error", fault });
    await watch.untilStanding("carport/device/can0/availability", "offline");
    expect(JSON.parse(watch.standing.get("carport/device/can0/fault") ?? "")).toEqual({
      code: "CAN_DOWN",
      message: "can0: the interface is down",
      next_step: "Bring it up.",
    });
    garage.removeDevice(can0);
    garage.putDevice(canDevice, { state: "connected" });
    await watch.untilStanding("carport/device/can0/availability", "online");
    expect(watch.standing.get("carport/device/can0/fault")).toBe("{}");
  });

  it("says goodbye when it stops, with the last values", async () => {
    const paced = quantity("speed", { report: { deadBand: 0, minIntervalMs: 60_000 } });
    const { garage, watch, mqtt } = await connectedCarport(household([paced]));
    for (const value of [50, 60]) garage.publish(can0, samples(NOON, [paced, value]));
    await mqtt.stop();
    await watch.untilStanding("carport/status", "offline");
    expect(watch.standing.get("carport/device/can0/signal/speed")).toBe("60");
    expect(mqtt.status().state).toBe("off");
    garage.publish(can0, samples(NOON, [paced, 70]));
  });

  it("has the broker say that it is gone when the connection breaks, and is back by itself", async () => {
    const at = await openBroker();
    const watch = await openWatch(at);
    const wire = await TcpServer.proxy(at);
    onTestFinished(() => wire.close());
    const mqtt = openCarport({ garage: household(), settings: settingsFor(wire) });
    await watch.untilStanding("carport/status", "online");
    wire.cut();
    await watch.untilStanding("carport/status", "offline");
    await watch.untilStanding("carport/status", "online");
    expect(mqtt.status()).toMatchObject({ state: "connected" });
  });
});

it("takes names with markup, wildcards and any script as they are", async () => {
  const garage = household();
  const name = '<b>+#/$SYS "Käfer" 甲虫\u0007</b>';
  garage.put({ id: leaf, name, kind: "car" });
  const { watch } = await connectedCarport(garage);
  expect(JSON.parse(watch.standing.get(leafPage) ?? "")).toMatchObject({ device: { name } });
  expect(JSON.parse(watch.standing.get("carport/vehicle/family-leaf/info") ?? "")).toMatchObject({ name });
});

describe("a broker that goes away", () => {
  it("at start: everything is sent when it comes", async () => {
    const at = await startEmbeddedBroker();
    await at.close();
    const garage = household();
    const mqtt = openCarport({ garage, settings: settingsFor(at) });
    garage.publish(can0, samples(NOON, [soc, 40]));
    await eventually(() => mqtt.status()).toMatchObject({ state: "waiting", fault: "MQTT_UNREACHABLE" });
    garage.publish(can0, samples(NOON + 1000, [soc, 41]));
    const watch = await openWatch(await openBroker(at.port));
    await watch.untilStanding("carport/status", "online");
    expect(watch.standing.get(socTopic)).toBe("41");
    expect(watch.standing.has(leafPage)).toBe(true);
    expect(mqtt.status()).not.toHaveProperty("fault");
  });

  it("for a while, and forgets everything: all of it is there again, with the values of now", async () => {
    const { garage, broker, watch } = await connectedCarport();
    garage.publish(can0, samples(NOON, [soc, 40]));
    await watch.untilStanding("carport/vehicle/family-leaf/summary");
    await watch.untilStanding("carport/vehicle/family-leaf/last_seen");
    await watch.untilStanding("carport/system/status");
    const before = new Set(watch.standing.keys());
    before.delete("carport/device/can0/reading");
    await broker.close();
    garage.publish(can0, samples(NOON, [soc, 30]));
    const later = await openWatch(await openBroker(broker.port));
    await later.untilStanding("carport/status", "online");
    await later.untilStanding("carport/system/status");
    const after = new Set(later.standing.keys());
    after.delete("carport/device/can0/reading");
    expect(after).toEqual(before);
    expect(later.standing.get(socTopic)).toBe("30");
  });
});

it("does nothing without a broker in the settings, until one is set", async () => {
  const mqtt = openCarport({ garage: household(), settings: settingsFor({ host: "", port: 1883 }) });
  expect(mqtt.status()).toMatchObject({ state: "off", sent: 0 });
  const at = await openBroker();
  const watch = await openWatch(at);
  mqtt.apply(settingsFor(at));
  await watch.untilStanding("carport/status", "online");
});

it("leaves nothing below a prefix that it moves away from", async () => {
  const { broker, watch, mqtt } = await connectedCarport();
  mqtt.apply(settingsFor(broker, { prefix: "garage" }));
  await watch.untilStanding("garage/status", "online");
  const left = [...watch.standing.keys()].filter((topic) => /^carport\/|carport_/.test(topic));
  expect(left).toEqual([]);
  expect(watch.standing.has("homeassistant/device/garage_vehicle_family-leaf/config")).toBe(true);
});
