import { describe, expect, it } from "vitest";
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
import { busLoad, can0, canDevice, household, leaf, samples, soc, van } from "../../../test/household.ts";
import { MemoryGarage } from "../../../test/memory-garage.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";

const NOON = Date.UTC(2026, 5, 1, 12);

describe("Home Assistant", () => {
  it("gets everything again when it reports its start, once for many reports", async () => {
    const { garage, watch } = await connectedCarport();
    garage.publish(can0, samples(NOON, [soc, 40]));
    await watch.untilStanding(socTopic);
    const mark = watch.heard.length;
    await Promise.all(Array.from({ length: 20 }, () => watch.say("homeassistant/status", "online")));
    await watch.until(() => watch.count("carport/status", mark) > 0);
    expect(watch.count(leafPage, mark)).toBe(1);
    expect(watch.count(socTopic, mark)).toBe(1);
  });

  it("gets a page back that was emptied, but not in a race", async () => {
    const { watch } = await connectedCarport();
    const mark = watch.heard.length;
    await watch.say(leafPage, "", true);
    await watch.until(() => watch.count(leafPage, mark) === 2);
    await watch.say(leafPage, "", true);
    await watch.say(canPage, "", true);
    await watch.say("homeassistant/status", "online");
    await watch.until(() => watch.count("carport/status", mark) > 0);
    // Emptied, back, emptied; the second return comes with everything else.
    expect(watch.count(leafPage, mark)).toBe(4);
    expect(watch.standing.has(canPage)).toBe(true);
  });

  it("loses a removed device, then its topics", async () => {
    const { garage, watch } = await connectedCarport();
    garage.publish(can0, samples(NOON, [soc, 40]));
    await watch.untilStanding(socTopic);
    // Of a signal that this run has not met.
    await watch.say("carport/device/can0/signal/cell_1", "3.9", true);
    garage.removeDevice(can0);
    await watch.until(() => !watch.standing.has(canPage) && !watch.standing.has(leafPage));
    expect(watch.standing.has(socTopic)).toBe(true);
    await watch.until(() => [...watch.standing.keys()].every((topic) => !/^carport\/(device|vehicle)\//.test(topic)));
  });

  it("sees a value of another vehicle as unknown after a device has moved", async () => {
    const { garage, watch } = await connectedCarport();
    garage.publish(can0, samples(NOON, [soc, 40], [busLoad, 12]));
    await watch.untilStanding(socTopic, "40");
    garage.put({ id: van, name: "Van", kind: "van" });
    garage.putDevice({ ...canDevice, vehicle: van });
    await watch.untilStanding(socTopic, "None");
    expect(watch.standing.get("carport/device/can0/signal/bus_load")).toBe("12");
    garage.bus.publish("batch", { device: can0, vehicle: leaf, batch: samples(NOON, [soc, 39]) });
    garage.publish(can0, samples(NOON, [soc, 80]));
    await watch.untilStanding(socTopic, "80");
    expect(watch.heard.map(({ payload }) => payload)).not.toContain("39");
    await watch.untilStanding("homeassistant/device/carport_vehicle_van/config");
  });
});

it("ignores and counts what makes no sense on the topics it listens to", async () => {
  const broker = await openBroker();
  const watch = await openWatch(broker);
  const binary = Buffer.from([0xff, 0x00, 0xfe, 0x7b]);
  await watch.say(leafPage, binary, true);
  await watch.say("homeassistant/device/carport_vehicle_x/config", '{"origin":{"name":"Carport"}}', true);
  await watch.say("carport/instance", binary, true);
  await watch.say("carport/device/can0/info", "{{{", true);
  await watch.say("carport/device/../../etc/state", "x", true);
  const mqtt = openCarport({ garage: household(), settings: settingsFor(broker) });
  await watch.untilStanding("carport/status", "online");
  const before = mqtt.status().discarded;
  expect(before).toBeGreaterThanOrEqual(4);
  await watch.say("homeassistant/status", binary);
  await watch.say("homeassistant/status", Buffer.alloc(1024 * 1024 + 1, "x"));
  await watch.say("homeassistant/device/carport_device_can0/config", Buffer.alloc(1024 * 1024 + 1, "{"));
  await eventually(() => mqtt.status().discarded).toBe(before + 3);
  expect(mqtt.status().state).toBe("connected");
});

it("puts its status right when somebody else speaks for it", async () => {
  const { watch } = await connectedCarport();
  await watch.say("carport/status", "offline", true);
  await watch.untilStanding("carport/status", "online");
});

describe("two Carports under one prefix", () => {
  it("do not clear away each other's topics: the one that comes later steps back", async () => {
    const { broker, watch } = await connectedCarport();
    const before = new Set(watch.standing.keys());
    const second = openCarport({ garage: new MemoryGarage(), settings: settingsFor(broker) });
    await eventually(() => second.status().fault).toBe("MQTT_PREFIX_IN_USE");
    await second.stop();
    expect(new Set(watch.standing.keys())).toEqual(before);
    expect(watch.standing.get("carport/status")).toBe("online");
  });

  it("are no problem when the first is dead and could not say goodbye", async () => {
    const broker = await openBroker();
    const watch = await openWatch(broker);
    await watch.say("carport/status", "online", true);
    await watch.say("carport/instance", "carport-0123456789ab", true);
    const mqtt = openCarport({ garage: household(), settings: settingsFor(broker) });
    await watch.untilStanding(leafPage);
    expect(mqtt.status().state).toBe("connected");
  });
});

it("what Home Assistant last said of itself is in the status, until the connection ends", async () => {
  const { watch, mqtt } = await connectedCarport();
  expect(mqtt.status().homeAssistant).toBeUndefined();
  await watch.say("homeassistant/status", "online");
  await eventually(() => mqtt.status().homeAssistant).toBe("online");
  await watch.say("homeassistant/status", "offline");
  await eventually(() => mqtt.status().homeAssistant).toBe("offline");
});
