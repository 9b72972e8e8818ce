import { afterAll, beforeAll, expect, it } from "vitest";
import type { Signal } from "#domain/signal.ts";
import { systemClock } from "#hub/system-clock.ts";
import { type Mqtt, startMqtt } from "#outlets/mqtt/mqtt.ts";
import { messages } from "#protocols/leaf/messages.ts";
import { replies } from "#protocols/leaf/replies.ts";
import { BrokerWatch } from "../../broker-watch.ts";
import { leafPage } from "../../connected-carport.ts";
import { HomeAssistantClient } from "../../home-assistant/client.ts";
import { HomeAssistantCore } from "../../home-assistant/core.ts";
import { homeAssistant } from "../../home-assistant/part.ts";
import { busLoad, can0, canDevice, deviceId, household, leaf, quantity, samples, soc, van } from "../../household.ts";
import { type MemoryGarage, silentLog } from "../../memory-garage.ts";
import { settingsFor } from "../../mqtt-settings.ts";
import { describeWith } from "../../setup/describe-with.ts";
import { mosquitto } from "../../setup/real-part.ts";
import { until } from "../../setup/until.ts";
import { Mosquitto } from "../mosquitto.ts";

const NOON = Date.UTC(2026, 5, 1, 12);
const everySignal: readonly Signal[] = [
  ...new Map(
    [...messages, ...replies].flatMap(({ fields }) => fields.map(({ signal }) => [signal.key, signal] as const)),
  ).values(),
];
const monitor = { ...canDevice, id: deviceId("bm6"), kind: "battery-monitor", name: "Battery monitor" };

/**
 * Said whatever an app does: that the test's log level makes many lines, and that the broker was killed. And when a page
 * with disabled entities goes, Home Assistant empties its topic once more for each of them and then wonders at that
 * (mqtt/entity.py, async_clear_discovery_topic_if_entity_removed).
 */
const itsOwn = /logging too frequently|The connection was lost|No device components to cleanup/;

/** Any value that the signal can have. */
const someValue = (signal: Signal): number => {
  switch (signal.type) {
    case "number":
      return 12.5;
    case "boolean":
      return 1;
    case "enum":
      return Number(Object.keys(signal.states)[0]);
  }
};

describeWith([mosquitto, homeAssistant], "Carport in Home Assistant", () => {
  let broker: Mosquitto;
  let core: HomeAssistantCore;
  let owner: HomeAssistantClient;
  let garage: MemoryGarage;
  let carport: Mqtt;
  let watch: BrokerWatch;

  beforeAll(async () => {
    broker = await Mosquitto.start();
    watch = await BrokerWatch.open(broker);
    core = await HomeAssistantCore.create();
    await core.start();
    owner = new HomeAssistantClient(core.url);
    await owner.signIn();
    await owner.configureMqtt({ port: broker.port, username: "", password: "" });
    garage = household([...everySignal, busLoad]);
    garage.putDevice(monitor, {
      state: "connected",
      signals: [quantity("voltage", { name: "12 V battery", unit: "V" })],
    });
    const { signal } = new AbortController();
    carport = startMqtt({
      garage,
      settings: settingsFor(broker),
      clock: systemClock,
      log: silentLog,
      signal,
      version: "1.2.3",
    });
    garage.publish(can0, samples(NOON, ...[...everySignal, busLoad].map((each) => [each, someValue(each)] as const)));
  });
  afterAll(async () => {
    await carport?.stop();
    owner?.close();
    await core?.dispose();
    await watch?.close();
    await broker?.stop();
  });

  const entities = async () => (await owner.entities()).filter(({ platform }) => platform === "mqtt");
  const stateOf = async (entity: string) => (await owner.states()).find(({ entity_id }) => entity_id === entity);
  const untilState = (entity: string, expected: string | undefined) =>
    until(`${entity} is ${expected}`, 40, async () => (await stateOf(entity))?.state === expected);
  /** What it says of us, or of MQTT at all. */
  const complaints = async () =>
    (await owner.systemLog())
      .filter(({ name, message }) => /mqtt|carport/i.test(`${name} ${message.join(" ")}`))
      .map(({ message }) => message.join(" "))
      .filter((text) => !itsOwn.test(text));

  it("has a page per vehicle and per device, the device below its vehicle", async () => {
    await untilState("sensor.family_leaf_state", "connected");
    const devices = await owner.devices();
    const page = devices.find(({ name }) => name === "Family Leaf");
    const adapter = devices.find(({ name }) => name === "CAN bus");
    expect(adapter).toMatchObject({ model: "leaf-can", via_device_id: page?.id });
    expect(devices.find(({ name }) => name === "Battery monitor")).toMatchObject({ via_device_id: page?.id });
  });

  it("has an entity per signal, those off that are not worth a place on a dashboard", async () => {
    const count = everySignal.length;
    await until("all entities", 40, async () => (await entities()).length === count + 8);
    const shown = (await entities()).filter(({ disabled_by }) => disabled_by === null);
    expect(shown).toHaveLength(everySignal.filter(({ presentation }) => presentation.enabled).length + 8);
  });

  it("shows values in their units and classes", async () => {
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
    expect((await stateOf("sensor.family_leaf_pack_voltage"))?.attributes).toMatchObject({
      unit_of_measurement: "V",
      device_class: "voltage",
      state_class: "measurement",
    });
    await untilState("binary_sensor.family_leaf_plugged_in", "on");
    await untilState("sensor.family_leaf_last_seen", "2026-06-01T12:00:00+00:00");
    expect(await complaints()).toEqual([]);
  });

  it("makes what is lost unavailable, says why, and leaves the rest", async () => {
    const fault = { code: "CAN_DOWN", message: "can0: the interface is down", nextStep: "Bring it up." };
    garage.putDevice(canDevice, { state: "error", fault });
    await untilState("sensor.family_leaf_pack_voltage", "unavailable");
    await untilState("sensor.can0_state", "error");
    expect((await stateOf("sensor.can0_state"))?.attributes).toMatchObject({
      code: "CAN_DOWN",
      next_step: "Bring it up.",
    });
    garage.removeDevice(can0);
    garage.putDevice(canDevice, { state: "asleep", signals: [...everySignal, busLoad] });
    garage.publish(can0, samples(NOON, ...everySignal.map((each) => [each, someValue(each)] as const)));
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
    await untilState("sensor.family_leaf_state", "connected");
  });

  it("keeps everything over a restart of Home Assistant, of the broker and of Carport", async () => {
    const before = (await entities()).map(({ entity_id }) => entity_id).sort();
    owner.close();
    await core.stop();
    await core.start();
    await owner.signIn();
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
    await broker.kill();
    await untilState("sensor.family_leaf_pack_voltage", "unavailable");
    await broker.restart();
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
    await carport.stop();
    await untilState("sensor.family_leaf_pack_voltage", "unavailable");
    const { signal } = new AbortController();
    carport = startMqtt({
      garage,
      settings: settingsFor(broker),
      clock: systemClock,
      log: silentLog,
      signal,
      version: "1.2.4",
    });
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
    expect((await entities()).map(({ entity_id }) => entity_id).sort()).toEqual(before);
    expect(await complaints()).toEqual([]);
  });

  it("gets a page back whose discovery was emptied", async () => {
    await watch.say(leafPage, "", true);
    await watch.untilStanding(leafPage);
    await untilState("sensor.family_leaf_pack_voltage", "12.5");
  });

  it("loses the entities of a signal that is no more", async () => {
    garage.putDevice(monitor, { signals: [] });
    await until(
      "the entity gone",
      40,
      async () => !(await entities()).some(({ unique_id }) => unique_id.endsWith("bm6-voltage")),
    );
  });

  it("moves a device to another vehicle, as unknown until it has measured there", async () => {
    garage.put({ id: van, name: "Van", kind: "van" });
    garage.putDevice({ ...canDevice, vehicle: van }, { signals: [soc] });
    await untilState("sensor.van_soc", "unknown");
    await until(
      "the old entities gone",
      40,
      async () => (await stateOf("sensor.family_leaf_pack_voltage")) === undefined,
    );
    garage.publish(can0, samples(NOON, [soc, 77]));
    await untilState("sensor.van_soc", "77");
  });

  it("loses removed devices and vehicles, and has nothing to complain of in all this", async () => {
    garage.removeDevice(can0);
    garage.removeDevice(monitor.id);
    garage.removeVehicle(van);
    garage.removeVehicle(leaf);
    await until("all entities gone", 40, async () => (await entities()).length === 0);
    await watch.until(() => [...watch.standing.keys()].every((topic) => !/^carport\/(device|vehicle)\//.test(topic)));
    await until("all devices gone", 40, async () =>
      (await owner.devices()).every(({ identifiers }) => !identifiers.flat().includes("mqtt")),
    );
    expect(await complaints()).toEqual([]);
  });
});
