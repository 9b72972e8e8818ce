import { type Batch, BatchBuilder } from "#domain/batch.ts";
import type { DeviceRecord, DeviceStatus } from "#domain/device.ts";
import { signalKey } from "#domain/ids.ts";
import type { EnumSignal, NumberSignal, ReportRule, Signal } from "#domain/signal.ts";
import { deviceId, vehicleId } from "./fake-drive.ts";
import { MemoryGarage } from "./memory-garage.ts";

export { deviceId, vehicleId };

const always: ReportRule = { deadBand: 0, minIntervalMs: 0 };
const base = { group: "battery", subject: "vehicle", presentation: { enabled: true }, report: always } as const;

export function quantity(key: string, change: Partial<Omit<NumberSignal, "key" | "type">> = {}): NumberSignal {
  return { ...base, key: signalKey(key), name: key, type: "number", precision: 1, ...change };
}

export const soc = quantity("soc", {
  name: "State of charge",
  unit: "%",
  presentation: { enabled: true, deviceClass: "battery", stateClass: "measurement" },
});
export const charging: Signal = { ...base, key: signalKey("charging"), name: "Charging", type: "boolean" };
export const gear: EnumSignal = {
  ...base,
  key: signalKey("gear"),
  name: "Gear",
  type: "enum",
  states: { 1: "Park", 4: "Drive" },
};
export const busLoad = quantity("bus_load", { name: "Bus load", subject: "device", unit: "%" });

export const leaf = vehicleId("family-leaf");
export const van = vehicleId("van");
export const can0 = deviceId("can0");

export const canDevice: DeviceRecord = {
  id: can0,
  kind: "leaf-can",
  name: "CAN bus",
  vehicle: leaf,
  enabled: true,
  settings: {},
};

/** A Leaf with one CAN device that is connected and knows the given signals. */
export function household(
  signals: readonly Signal[] = [soc, charging, gear, busLoad],
  status: Partial<DeviceStatus> = {},
): MemoryGarage {
  const garage = new MemoryGarage();
  garage.put({ id: leaf, name: "Family Leaf", kind: "car" });
  garage.putDevice(canDevice, { state: "connected", signals, ...status });
  return garage;
}

/** One sample of each given signal. */
export function samples(time: number, ...values: readonly (readonly [Signal, number])[]): Batch {
  const signals = values.map(([signal]) => signal);
  const builder = new BatchBuilder(signals);
  for (const [index, [, value]] of values.entries()) builder.add(index, time, value);
  const batch = builder.take();
  if (batch === undefined) throw new TypeError("no samples");
  return batch;
}
