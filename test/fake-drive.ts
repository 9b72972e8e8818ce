import { BatchBuilder } from "#domain/batch.ts";
import { type DeviceId, isDeviceId, isVehicleId, signalKey } from "#domain/ids.ts";
import type { Signal, SignalGroup } from "#domain/signal.ts";
import type { MemoryGarage } from "./memory-garage.ts";
import type { MemoryStore } from "./memory-store.ts";

const base = (key: string, name: string, group: SignalGroup, deviceClass?: string, enabled = true) => ({
  key: signalKey(key),
  name,
  group,
  subject: "vehicle" as const,
  presentation: { enabled, ...(deviceClass && { deviceClass }) },
  report: { deadBand: 0, minIntervalMs: 1_000 },
});
const quantity = (
  ...[key, name, group, unit, precision, deviceClass, enabled]: [
    string,
    string,
    SignalGroup,
    string,
    number,
    string?,
    boolean?,
  ]
): Signal => ({
  ...base(key, name, group, deviceClass, enabled),
  type: "number",
  unit,
  precision,
});

export const leafSignals: readonly Signal[] = [
  quantity("state_of_charge", "State of charge", "battery", "%", 1, "battery"),
  quantity("battery_power", "Battery power", "battery", "kW", 1, "power"),
  quantity("speed", "Speed", "drive", "km/h", 0, "speed"),
  { ...base("gear", "Gear", "drive"), type: "enum", states: { 1: "P", 2: "R", 3: "N", 4: "D" } },
  quantity("range", "Range", "drive", "km", 0, "distance"),
  { ...base("charging_state", "Charging state", "charge"), type: "enum", states: { 0: "Not charging", 1: "Charging" } },
  quantity("battery_temperature", "Battery temperature", "battery", "°C", 0, "temperature"),
  quantity("outside_temperature", "Outside temperature", "climate", "°C", 1, "temperature"),
  quantity("cabin_temperature", "Cabin temperature", "climate", "°C", 1, "temperature"),
  quantity("battery_12v", "12 V battery", "12v", "V", 1, "voltage"),
  quantity("pack_voltage", "Pack voltage", "battery", "V", 1, "voltage"),
  quantity("pack_current", "Pack current", "battery", "A", 1, "current"),
  quantity("gids", "Gids", "battery", "", 0, undefined, false),
  quantity("state_of_health", "State of health", "battery", "%", 0),
  quantity("motor_speed", "Motor speed", "drive", "rpm", 0, undefined, false),
  quantity("motor_torque", "Motor torque", "drive", "Nm", 1, undefined, false),
  { ...base("ready", "Ready to drive", "drive"), type: "boolean" },
  quantity("charge_limit", "Charge power limit", "charge", "kW", 1, "power"),
  quantity("odometer", "Odometer", "drive", "km", 0, "distance"),
  { ...quantity("frames", "Frames received", "diagnostic", "", 0, undefined, false), subject: "device" },
];

/** Values of `leafSignals` after `seconds` of a drive through hills. */
export function driveAt(seconds: number): number[] {
  const speed = Math.max(0, 52 + 32 * Math.sin(seconds / 41) + 9 * Math.sin(seconds / 7));
  const power = -(6 + 0.28 * speed + 26 * Math.cos(seconds / 41) + 6 * Math.cos(seconds / 7));
  const soc = 61.4 - seconds / 140;
  return [
    Math.round(soc * 10) / 10,
    Math.round(power * 10) / 10,
    speed,
    4,
    soc * 2.1,
    0,
    24,
    11.5,
    20.5,
    14.1,
    376 + power / 9,
    (power / 376) * 1000,
    Math.round(soc * 4.6),
    88,
    speed * 69,
    -power * 4,
    1,
    40,
    61_234 + seconds / 60,
    seconds * 900,
  ];
}

/** Publishes one row of values at `time`, and stores it. */
export function feed(
  garage: MemoryGarage,
  store: MemoryStore,
  device: DeviceId,
  time: number,
  values: readonly number[],
): void {
  const builder = new BatchBuilder(leafSignals);
  for (const [index, value] of values.entries()) builder.add(index, time, value);
  const batch = builder.take();
  if (!batch) return;
  store.append(device, garage.device(device)?.record.vehicle, batch);
  garage.publish(device, batch);
}

export function vehicleId(text: string) {
  if (!isVehicleId(text)) throw new TypeError(text);
  return text;
}

export function deviceId(text: string) {
  if (!isDeviceId(text)) throw new TypeError(text);
  return text;
}
