import { isDeepStrictEqual } from "node:util";
import type { DeviceId } from "#domain/ids.ts";
import { adoptStrays, type DeviceDraft, type Edit, find } from "./garage-edits.ts";
import type { GarageRaw } from "./settings/settings.ts";

type Found = GarageRaw["devices"]["found"][number];

/** More than anybody has near by: beyond it the ones found first make room, as long as nobody has said a word on them. */
const MOST = 200;

/** Keeps what was found and is neither waiting nor a device already. Gives the garage itself when nothing is new. */
export function keepFound(garage: GarageRaw, discoveries: readonly Found[]): GarageRaw {
  const known = new Set(garage.devices.found.map(({ id }) => id));
  const fresh = discoveries.filter((found) => !known.has(found.id) && !isConfigured(garage, found));
  if (fresh.length === 0) return garage;
  const all = [...garage.devices.found, ...fresh];
  const surplus = new Set(all.filter(({ ignored }) => !ignored).slice(0, Math.max(0, all.length - MOST)));
  return withFound(
    garage,
    all.filter((found) => !surplus.has(found)),
  );
}

/** Makes a device of what was found, under the same id; in a vehicle of its own when `draft` names none. */
export function adoptFound(garage: GarageRaw, id: DeviceId, draft: Partial<Omit<DeviceDraft, "kind">>): Edit<DeviceId> {
  const { list, entry } = find(garage.devices.found, id, "DISCOVERY_UNKNOWN");
  const device = {
    id,
    kind: entry.kind,
    name: entry.name,
    ...draft,
    settings: { ...entry.settings, ...draft.settings },
  };
  const rest = withFound(
    garage,
    list.filter((other) => other !== entry),
  );
  const devices = [...garage.devices.devices, device];
  return { id, garage: adoptStrays({ ...rest, devices: { ...rest.devices, devices } }) };
}

export function ignoreFound(garage: GarageRaw, id: DeviceId, ignored: boolean): Edit<DeviceId> {
  const { list, entry } = find(garage.devices.found, id, "DISCOVERY_UNKNOWN");
  return {
    id,
    garage: withFound(
      garage,
      list.map((other) => (other === entry ? { ...entry, ignored } : other)),
    ),
  };
}

/** A device that was added by hand may have another id, but reads the same thing. */
export const isConfigured = (
  { devices }: GarageRaw,
  { id, kind, settings }: Pick<Found, "id" | "kind" | "settings">,
): boolean =>
  devices.devices.some(
    (device) => device.id === id || (device.kind === kind && includes(device["settings"], settings)),
  );

const includes = (all: unknown, some: Readonly<Record<string, unknown>>): boolean =>
  typeof all === "object" &&
  all !== null &&
  Object.entries(some).every(([key, value]) => isDeepStrictEqual(Reflect.get(all, key), value));

const withFound = (garage: GarageRaw, found: readonly Found[]): GarageRaw => ({
  ...garage,
  devices: { ...garage.devices, found: [...found] },
});
