import { expect, test } from "vitest";
import type { LiveDevice, LiveVehicle } from "../../api/contract/live.ts";
import type { SignalDefinition } from "../../api/contract/signal.ts";
import type { Reading } from "../live/reading.ts";
import { viewVehicle } from "./vehicle-view.ts";

const device = (state: LiveDevice["state"], more: Partial<LiveDevice> = {}): LiveDevice => ({
  id: "leaf-can0",
  name: "Leaf CAN",
  kind: "leaf-can",
  enabled: true,
  state,
  since: 1_000,
  model: null,
  fault: null,
  ...more,
});
const vehicle = (...devices: LiveDevice[]): LiveVehicle => ({ id: "leaf", name: "Leaf", kind: "car", devices });
const awake = vehicle(device("connected"));

const reading = (key: string, value: number | undefined, more: Partial<SignalDefinition> = {}): Reading => ({
  device: "leaf-can0",
  time: 1_000,
  value,
  signal: { key, name: key, group: "drive", subject: "vehicle", type: "number", enabled: true, ...more },
});
const power = (value: number) => reading("pack_power", value);
const speed = (value: number) => reading("speed", value);
const charging = (label: string) => reading("charging_state", 3, { type: "enum", states: { 3: label } });

test.each([
  [-18, 60, "driving", "driving"],
  [12, 60, "regenerating", "driving"],
  [6.6, 0, "charging", "charging"],
  [-0.8, 0, "drawing", "parked"],
  [0.2, 0, "idle", "parked"],
  [-0.2, 30, "idle", "driving"],
] as const)("%d kW at %d km/h is %s, and the vehicle is %s", (kilowatts, kmh, flow, mood) => {
  expect(viewVehicle(awake, [power(kilowatts), speed(kmh)])).toMatchObject({ flow, mood });
});

test("power that is not known is not zero", () => {
  expect(viewVehicle(awake, [speed(0)]).flow).toBe("unknown");
  expect(viewVehicle(awake, [reading("pack_power", undefined)]).flow).toBe("unknown");
});

test("the vehicle's own word decides whether it charges", () => {
  expect(viewVehicle(awake, [power(2), speed(0), charging("not charging")]).mood).toBe("parked");
  expect(viewVehicle(awake, [power(2), speed(0), charging("finished")]).mood).toBe("parked");
  expect(viewVehicle(awake, [power(40), speed(0), charging("quick charging")]).mood).toBe("charging");
});

test("an asleep vehicle is asleep, whatever it said last", () => {
  const view = viewVehicle(vehicle(device("asleep", { since: 5_000 })), [power(-18), speed(60)]);
  expect(view).toMatchObject({ mood: "asleep", flow: "idle", since: 5_000, speed: { value: 60 } });
});

test("one device that is awake makes the vehicle awake, and a switched-off one does not count", () => {
  const second = device("connected", { id: "bm6" });
  expect(viewVehicle(vehicle(device("asleep"), second), [speed(50)]).mood).toBe("driving");
  expect(viewVehicle(vehicle(device("asleep"), { ...second, enabled: false }), [speed(50)]).mood).toBe("asleep");
  expect(viewVehicle(vehicle({ ...second, enabled: false }), []).mood).toBe("none");
});

test.each([
  ["disconnected", "lost"],
  ["error", "fault"],
  ["connecting", "connecting"],
] as const)("a device that is %s makes the vehicle %s", (state, mood) => {
  expect(viewVehicle(vehicle(device(state)), []).mood).toBe(mood);
});

test("signals of a car that nobody has heard of find their places by class and group", () => {
  const view = viewVehicle(awake, [
    reading("hvbatt_soc_x", 55, { unit: "%", deviceClass: "battery", group: "battery" }),
    reading("lv_soc", 90, { unit: "%", deviceClass: "battery", group: "12v" }),
    reading("lv_u", 12.6, { unit: "V", deviceClass: "voltage", group: "12v" }),
    reading("hv_u", 390, { unit: "V", deviceClass: "voltage", group: "battery" }),
    reading("vcu_v", 50, { unit: "km/h", deviceClass: "speed", group: "drive" }),
  ]);
  expect(view.charge?.value).toBe(55);
  expect(view.auxiliary?.value).toBe(12.6);
  expect(view.speed?.value).toBe(50);
});

test("a signal of the adapter is none of the vehicle", () => {
  expect(viewVehicle(awake, [reading("speed", 9, { subject: "device" })]).speed).toBeUndefined();
});

test("where two devices tell the same, the one that spoke last counts", () => {
  const gps = { ...speed(48), device: "gps", time: 3_000 };
  expect(viewVehicle(awake, [gps, speed(50)]).speed).toBe(gps);
  expect(viewVehicle(awake, [{ ...speed(0), value: undefined, time: undefined }, gps]).speed).toBe(gps);
});

test("a part that no signal fits is absent", () => {
  expect(viewVehicle(awake, [])).toMatchObject({ charge: undefined, range: undefined, temperatures: [] });
});
