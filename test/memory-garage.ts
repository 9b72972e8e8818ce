import type { Batch } from "#domain/batch.ts";
import type { Device, DeviceRecord, DeviceStatus } from "#domain/device.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import { Bus } from "#hub/bus.ts";
import type { Garage, Latest } from "#hub/garage.ts";

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

/** A garage that a test fills by hand: no files, no devices that run. */
export class MemoryGarage implements Garage {
  readonly bus = new Bus(silentLog);
  readonly #vehicles = new Map<VehicleId, Vehicle>();
  readonly #devices = new Map<DeviceId, Device>();
  readonly #latest = new Map<DeviceId, Map<SignalKey, Latest>>();

  vehicles = () => [...this.#vehicles.values()];
  vehicle = (id: VehicleId) => this.#vehicles.get(id);
  devices = () => [...this.#devices.values()];
  device = (id: DeviceId) => this.#devices.get(id);
  latest = (id: DeviceId) => this.#latest.get(id) ?? new Map<SignalKey, Latest>();

  put(vehicle: Vehicle): void {
    this.#vehicles.set(vehicle.id, vehicle);
    this.bus.publish("vehicle", { vehicle });
  }

  removeVehicle(vehicle: VehicleId): void {
    this.#vehicles.delete(vehicle);
    this.bus.publish("vehicle-removed", { vehicle });
  }

  putDevice(record: DeviceRecord, status: Partial<DeviceStatus> = {}): void {
    const known = this.#devices.get(record.id);
    const before = known?.status;
    // As the hub does: what was measured in one vehicle is not of the next.
    if (known?.record.vehicle !== record.vehicle) this.#latest.delete(record.id);
    const unknown: DeviceStatus = { state: "configured", since: 0, identity: {}, signals: [], counters: {} };
    const device = { record, status: { ...unknown, ...before, ...status } };
    this.#devices.set(record.id, device);
    this.bus.publish("device", { device });
  }

  removeDevice(device: DeviceId): void {
    this.#devices.delete(device);
    this.#latest.delete(device);
    this.bus.publish("device-removed", { device });
  }

  publish(device: DeviceId, batch: Batch): void {
    const latest = this.#latest.get(device) ?? new Map<SignalKey, Latest>();
    this.#latest.set(device, latest);
    for (let row = 0; row < batch.count; row++) {
      const signal = batch.signals[batch.index[row] ?? 0];
      if (signal) latest.set(signal.key, { signal, time: batch.times[row] ?? 0, value: batch.values[row] ?? 0 });
    }
    this.bus.publish("batch", { device, vehicle: this.#devices.get(device)?.record.vehicle, batch });
  }
}
