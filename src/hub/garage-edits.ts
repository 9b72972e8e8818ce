import type { ReconnectPace } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId, isVehicleId, slug, type VehicleId } from "#domain/ids.ts";
import type { VehicleKind } from "#domain/vehicle.ts";
import { merged } from "./settings/merged.ts";
import type { GarageRaw } from "./settings/settings.ts";

export interface VehicleDraft {
  readonly name: string;
  readonly kind?: VehicleKind;
  readonly vin?: string;
}

export interface DeviceDraft {
  readonly kind: string;
  readonly name: string;
  /** A new "Vehicle N" when absent. */
  readonly vehicle?: VehicleId;
  readonly enabled?: boolean;
  readonly reconnect?: Partial<ReconnectPace>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Each edit gives the new files' contents, and the id it made or changed. What the values may be is checked when saved. */
export interface Edit<Id> {
  readonly garage: GarageRaw;
  readonly id: Id;
}

export function addVehicle(garage: GarageRaw, draft: VehicleDraft): Edit<VehicleId> {
  const { vehicles } = garage;
  const id = mintId(slug(draft.name) || "vehicle", given(vehicles.vehicles, vehicles.retired), isVehicleId);
  return { id, garage: withVehicles(garage, [...vehicles.vehicles, { id, ...draft }]) };
}

/** A field that is null is taken away. */
export function updateVehicle(garage: GarageRaw, id: VehicleId, change: Nullable<VehicleDraft>): Edit<VehicleId> {
  const { list, entry } = find(garage.vehicles.vehicles, id, "VEHICLE_UNKNOWN");
  return { id, garage: withVehicles(garage, replace(list, entry, change)) };
}

export function removeVehicle(garage: GarageRaw, id: VehicleId): Edit<VehicleId> {
  const { list, entry } = find(garage.vehicles.vehicles, id, "VEHICLE_UNKNOWN");
  if (garage.devices.devices.some((device) => device.vehicle === id)) throw new CarportError("VEHICLE_IN_USE", id);
  return {
    id,
    garage: withVehicles(
      garage,
      list.filter((other) => other !== entry),
    ),
  };
}

/** Moves all devices of a vehicle to another one and removes it. What was measured on it stays under its id. */
export function mergeVehicles(garage: GarageRaw, id: VehicleId, into: VehicleId): Edit<VehicleId> {
  if (id === into) throw new CarportError("VEHICLE_MERGED_WITH_ITSELF", id);
  find(garage.vehicles.vehicles, into, "VEHICLE_UNKNOWN");
  const devices = garage.devices.devices.map((device) =>
    device.vehicle === id ? { ...device, vehicle: into } : device,
  );
  return { garage: removeVehicle(withDevices(garage, devices), id).garage, id: into };
}

export function addDevice(garage: GarageRaw, draft: DeviceDraft): Edit<DeviceId> {
  const { devices } = garage;
  const id = mintId(
    slug(draft.name) || slug(draft.kind) || "device",
    given(devices.devices, devices.retired),
    isDeviceId,
  );
  return { id, garage: adoptStrays(withDevices(garage, [...devices.devices, { id, ...draft }])) };
}

/** A field that is null is taken away, also one of `settings`; the others stay. Rebinding is a change of `vehicle`. */
export function updateDevice(
  garage: GarageRaw,
  id: DeviceId,
  change: Nullable<Omit<DeviceDraft, "kind">>,
): Edit<DeviceId> {
  const { list, entry } = find(garage.devices.devices, id, "DEVICE_UNKNOWN");
  const settings = change.settings && { settings: merged(entry["settings"], change.settings) };
  return { id, garage: adoptStrays(withDevices(garage, replace(list, entry, { ...change, ...settings }))) };
}

export function removeDevice(garage: GarageRaw, id: DeviceId): Edit<DeviceId> {
  const { list, entry } = find(garage.devices.devices, id, "DEVICE_UNKNOWN");
  return {
    id,
    garage: withDevices(
      garage,
      list.filter((other) => other !== entry),
    ),
  };
}

/** Gives each device without a vehicle one of its own: a "Vehicle N" that nothing is in, or a new one. */
export function adoptStrays(garage: GarageRaw): GarageRaw {
  const stray = garage.devices.devices.find(({ vehicle }) => vehicle === undefined);
  if (!stray) return garage;
  const { vehicles } = garage.vehicles;
  const used = new Set(garage.devices.devices.map(({ vehicle }) => vehicle));
  const empty = vehicles.find(({ id, name }) => !used.has(id) && typeof name === "string" && DEFAULT_NAME.test(name));
  const home = empty ? { garage, id: empty.id } : addVehicle(garage, { name: nextDefaultName(garage) });
  const { list, entry } = find(garage.devices.devices, stray.id, "DEVICE_UNKNOWN");
  return adoptStrays(withDevices(home.garage, replace(list, entry, { vehicle: home.id })));
}

const DEFAULT_NAME = /^Vehicle \d+$/;

function nextDefaultName({ vehicles }: GarageRaw): string {
  const names = new Set(vehicles.vehicles.map(({ name }) => name));
  for (let n = vehicles.vehicles.length + 1; ; n++) {
    if (!names.has(`Vehicle ${n}`)) return `Vehicle ${n}`;
  }
}

/** Ids that belong, or once belonged, to something: history is kept under them. `-` and `_` count as equal. */
const given = (list: readonly { readonly id: string }[], retired: readonly string[]): ReadonlySet<string> =>
  new Set([...list.map(({ id }) => id), ...retired].map((id) => id.replace(/_/g, "-")));

function mintId<Id extends string>(wanted: string, taken: ReadonlySet<string>, isId: (id: string) => id is Id): Id {
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? "" : `-${n}`;
    const id = wanted.slice(0, 64 - suffix.length).replace(/-+$/, "") + suffix;
    if (isId(id) && !taken.has(id)) return id;
  }
}

type Nullable<T> = { readonly [K in keyof T]?: T[K] | null };

export function find<T extends { readonly id: string }>(
  list: readonly T[],
  id: string,
  code: "VEHICLE_UNKNOWN" | "DEVICE_UNKNOWN" | "DISCOVERY_UNKNOWN",
): { readonly list: readonly T[]; readonly entry: T } {
  const entry = list.find((candidate) => candidate.id === id);
  if (!entry) throw new CarportError(code, id);
  return { list, entry };
}

/** The list with an entry's fields changed; the id stays, and what is null goes. */
function replace<T extends { readonly id: string }>(list: readonly T[], entry: T, change: object): T[] {
  const changed: T = { ...entry, ...change, id: entry.id };
  for (const [key, value] of Object.entries(changed)) {
    if (value === null || value === undefined) Reflect.deleteProperty(changed, key);
  }
  return list.map((other) => (other === entry ? changed : other));
}

const withVehicles = (garage: GarageRaw, vehicles: GarageRaw["vehicles"]["vehicles"]): GarageRaw => ({
  ...garage,
  vehicles: { ...garage.vehicles, vehicles },
});

const withDevices = (garage: GarageRaw, devices: GarageRaw["devices"]["devices"]): GarageRaw => ({
  ...garage,
  devices: { ...garage.devices, devices },
});
