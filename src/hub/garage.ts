import type { Device } from "#domain/device.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import type { Bus } from "./bus.ts";

export interface Latest {
  readonly signal: Signal;
  readonly value: number;
  /** UTC ms. */
  readonly time: number;
}

/** What the store, the outlets and the API see of the hub: everything the household has, now. */
export interface Garage {
  readonly bus: Bus;
  vehicles(): readonly Vehicle[];
  vehicle(id: VehicleId): Vehicle | undefined;
  devices(): readonly Device[];
  device(id: DeviceId): Device | undefined;
  /** Newest value of each signal of a device; empty for an unknown one. */
  latest(id: DeviceId): ReadonlyMap<SignalKey, Latest>;
}
