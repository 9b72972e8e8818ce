import { describe, expect, it } from "vitest";
import type { Device, DeviceRecord, DeviceStatus } from "#domain/device.ts";
import type { Presentation, Signal } from "#domain/signal.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import { messages } from "#protocols/leaf/messages.ts";
import { replies } from "#protocols/leaf/replies.ts";
import { deviceId } from "../../../test/fake-drive.ts";
import { busLoad, can0, canDevice, charging, gear, leaf, quantity, soc, van } from "../../../test/household.ts";
import { type Component, deviceDiscovery, traits, vehicleDiscovery } from "./discovery-payload.ts";
import { binarySensorClasses, sensorClasses } from "./sensor-classes.ts";
import { TopicTree } from "./topics.ts";

const context = { topics: new TopicTree("carport", "homeassistant"), version: "1.2.3" };
const vehicle: Vehicle = { id: leaf, name: "Family Leaf", kind: "car", vin: "SJNFAAZE1U0000001" };

function device(record: Partial<DeviceRecord> = {}, status: Partial<DeviceStatus> = {}): Device {
  const fresh = {
    state: "connected",
    since: 0,
    identity: {},
    signals: [soc, charging, gear, busLoad],
    counters: {},
  } as const;
  return { record: { ...canDevice, ...record }, status: { ...fresh, ...status } };
}

const leafDevice = device({}, { identity: { manufacturer: "Nissan", model: "Leaf ZE0", softwareVersion: "1" } });

describe("the page of a vehicle", () => {
  const page = vehicleDiscovery(vehicle, [leafDevice], context);

  it("names the vehicle, its make and where it comes from, and never its VIN", () => {
    expect(page.device).toEqual({
      identifiers: ["carport_vehicle_family-leaf"],
      name: "Family Leaf",
      manufacturer: "Nissan",
      model: "Leaf ZE0",
    });
    expect(page.origin).toMatchObject({ name: "Carport", sw_version: "1.2.3" });
    expect(JSON.stringify(page)).not.toContain(vehicle.vin);
  });

  it("has the signals about the vehicle, its state and when it was last seen", () => {
    expect(Object.keys(page.components)).toEqual(["state", "last_seen", "can0-soc", "can0-charging", "can0-gear"]);
    expect(page.components["can0-soc"]).toEqual({
      platform: "sensor",
      unique_id: "carport_vehicle_family-leaf.can0-soc",
      default_entity_id: "sensor.family_leaf_soc",
      name: "State of charge",
      state_topic: "carport/device/can0/signal/soc",
      availability: [{ topic: "carport/status" }, { topic: "carport/device/can0/availability" }],
      device_class: "battery",
      unit_of_measurement: "%",
      state_class: "measurement",
      suggested_display_precision: 1,
    });
    expect(page.components["can0-charging"]).toMatchObject({ platform: "binary_sensor" });
    expect(page.components["can0-gear"]).toMatchObject({ device_class: "enum", options: ["Park", "Drive"] });
    expect(page.availability_mode).toBe("all");
  });

  it("tells two devices' signals of the same name apart", () => {
    const monitor = device({ id: deviceId("bm6"), name: "Battery monitor" }, { signals: [soc] });
    const { components } = vehicleDiscovery(vehicle, [leafDevice, monitor], context);
    expect(components["can0-soc"]?.name).toBe("State of charge (CAN bus)");
    expect(components["bm6-soc"]?.name).toBe("State of charge (Battery monitor)");
    expect(components["can0-gear"]?.name).toBe("Gear");
  });

  it("takes make and model from the device that knows most of the vehicle", () => {
    const monitor = device(
      { id: deviceId("bm6") },
      { signals: [soc], identity: { manufacturer: "Leagend", model: "BM6" } },
    );
    expect(vehicleDiscovery(vehicle, [monitor, leafDevice], context).device.model).toBe("Leaf ZE0");
  });
});

describe("the page of a device", () => {
  it("stands below its vehicle and has the signals about the device, with the reason of its state", () => {
    const page = deviceDiscovery(leafDevice, context);
    expect(page.device.via_device).toBe("carport_vehicle_family-leaf");
    expect(Object.keys(page.components)).toEqual(["state", "last_seen", "signal-bus_load"]);
    expect(page.components["state"]).toMatchObject({
      json_attributes_topic: "carport/device/can0/fault",
      entity_category: "diagnostic",
    });
  });

  it("has all its signals while no vehicle has it", () => {
    const { vehicle: _, ...record } = canDevice;
    const page = deviceDiscovery({ record, status: leafDevice.status }, context);
    expect(page.device.via_device).toBeUndefined();
    expect(Object.keys(page.components)).toContain("signal-soc");
  });

  it("keeps its state and when it was last seen visible while its link is down", () => {
    const { components, availability } = deviceDiscovery(leafDevice, context);
    expect(components["state"]?.availability).toBeUndefined();
    expect(availability).toEqual([{ topic: "carport/status" }]);
  });
});

it("gives every entity an id of its own, also where ids look alike", () => {
  const devices = ["a", "a-b", "a_b"].map((id) =>
    device({ id: deviceId(id) }, { signals: [quantity("b_c"), quantity("c")] }),
  );
  const vehicles = [vehicle, { ...vehicle, id: van }];
  const pages = [
    ...vehicles.map((each) => vehicleDiscovery(each, devices, context)),
    ...devices.map((each) => deviceDiscovery(each, context)),
  ];
  const ids = pages.flatMap(({ components }) => Object.values(components).map(({ unique_id }) => unique_id));
  expect(new Set(ids).size).toBe(ids.length);
});

it("never uses options that Home Assistant has dropped or that make values expire", () => {
  const text = JSON.stringify([vehicleDiscovery(vehicle, [leafDevice], context), deviceDiscovery(leafDevice, context)]);
  expect(text).not.toMatch(/"object_id"|"expire_after"/);
});

it("switches off what is not worth a place on a dashboard", () => {
  const hidden = quantity("cell_1", {
    presentation: { enabled: false, entityCategory: "diagnostic", icon: "mdi:cell" },
  });
  const { components } = vehicleDiscovery(vehicle, [device({}, { signals: [hidden] })], context);
  expect(components["can0-cell_1"]).toMatchObject({
    enabled_by_default: false,
    entity_category: "diagnostic",
    icon: "mdi:cell",
  });
});

describe("a class that Home Assistant would refuse", () => {
  const classed = (presentation: Omit<Presentation, "enabled">, unit?: string) =>
    traits(quantity("x", { presentation: { enabled: true, ...presentation }, ...(unit !== undefined && { unit }) }));

  it("is left out, and the entity stays", () => {
    expect(classed({ deviceClass: "voltage", stateClass: "measurement" }, "A")).not.toHaveProperty("device_class");
    expect(classed({ deviceClass: "energy", stateClass: "measurement" }, "kWh")).not.toHaveProperty("device_class");
    expect(classed({ deviceClass: "voltage" })).not.toHaveProperty("device_class");
    expect(classed({ deviceClass: "constructor" }, "V")).not.toHaveProperty("device_class");
    expect(traits({ ...charging, presentation: { enabled: true, deviceClass: "voltage" } } as Signal)).toEqual({});
    expect(traits({ ...gear, states: {} })).toEqual({});
  });

  it("is passed on where unit and state class fit", () => {
    expect(classed({ deviceClass: "energy", stateClass: "total_increasing" }, "kWh")).toMatchObject({
      device_class: "energy",
    });
    expect(classed({ deviceClass: "distance", stateClass: "total_increasing" }, "km")).toMatchObject({
      device_class: "distance",
    });
  });
});

describe("every signal of the Leaf", () => {
  const signals = [...messages, ...replies].flatMap(({ fields }) => fields.map(({ signal }) => signal));
  const unique = [...new Map(signals.map((signal) => [signal.key, signal])).values()];

  it("fits Home Assistant's classes as it is", () => {
    for (const signal of unique) {
      const { deviceClass, stateClass } = signal.presentation;
      if (deviceClass === undefined || signal.type === "enum") continue;
      expect(traits(signal).device_class, signal.key).toBe(deviceClass);
      if (signal.type === "boolean") expect(binarySensorClasses, signal.key).toContain(deviceClass);
      else if (stateClass)
        expect(sensorClasses.get(deviceClass)?.stateClasses ?? [stateClass], signal.key).toContain(stateClass);
    }
  });

  it("makes an entity that Home Assistant accepts", () => {
    const { components } = vehicleDiscovery(vehicle, [device({ id: can0 }, { signals: unique })], context);
    expect(Object.keys(components)).toHaveLength(unique.length + 2);
    for (const [key, component] of Object.entries(components)) expect(problems(component), key).toEqual([]);
  });
});

/** What the sensor platform of Home Assistant complains about (homeassistant/components/mqtt/sensor.py). */
function problems(component: Component): string[] {
  const { options, device_class, unit_of_measurement, state_class, name, unique_id, default_entity_id } = component;
  const found: string[] = [];
  if (options && (device_class !== "enum" || unit_of_measurement !== undefined || state_class !== undefined))
    found.push("options");
  if (options?.length === 0 || options?.some((option) => option.length > 255)) found.push("empty or long option");
  if (unit_of_measurement?.includes("µ")) found.push("micro sign");
  if (name === "" || unique_id.length > 255) found.push("name");
  if (!/^(binary_)?sensor\.[a-z0-9_]+$/.test(default_entity_id)) found.push("entity id");
  return found;
}
