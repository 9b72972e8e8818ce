import type { Device, FoundDevice } from "#domain/device.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import type { Bus } from "./bus.ts";
import type { DeviceDraft, VehicleDraft } from "./garage-edits.ts";
import type { SearchStatus } from "./search.ts";

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

type Change<Draft> = { readonly [Key in keyof Draft]?: Draft[Key] | null };

/**
 * What an owner can do to it. An edit resolves when it is saved and in force; it throws SETTINGS_REFUSED with the paths of
 * the values, SETTINGS_NOT_SAVED, and VEHICLE_UNKNOWN, DEVICE_UNKNOWN or DISCOVERY_UNKNOWN.
 */
export interface GarageOwner extends Garage {
  addVehicle(draft: VehicleDraft): Promise<VehicleId>;
  /** A field that is null is taken away. */
  updateVehicle(id: VehicleId, change: Change<VehicleDraft>): Promise<VehicleId>;
  /** Throws VEHICLE_IN_USE while a device is in it. */
  removeVehicle(id: VehicleId): Promise<VehicleId>;
  /** Moves the devices of a vehicle to another one and removes it; what was measured on it stays its own. */
  mergeVehicles(id: VehicleId, into: VehicleId): Promise<VehicleId>;
  addDevice(draft: DeviceDraft): Promise<DeviceId>;
  /** A field that is null is taken away, and a device without a vehicle gets one of its own. */
  updateDevice(id: DeviceId, change: Change<Omit<DeviceDraft, "kind">>): Promise<DeviceId>;
  removeDevice(id: DeviceId): Promise<DeviceId>;
  /** Devices that were found and wait for the owner's word. */
  found(): readonly FoundDevice[];
  /** Makes a device of one that was found. */
  adopt(id: DeviceId, draft?: Partial<Omit<DeviceDraft, "kind">>): Promise<DeviceId>;
  ignore(id: DeviceId, ignored: boolean): Promise<DeviceId>;
  /** Looks for devices now; resolves when that is over. */
  search(): Promise<void>;
  readonly searching: SearchStatus;
  /** Closes a device and opens it again. Throws DEVICE_UNKNOWN. */
  reconnect(id: DeviceId): void;
}
