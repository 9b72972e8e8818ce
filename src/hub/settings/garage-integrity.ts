import type { DeviceRecord } from "#domain/device.ts";
import { didYouMean } from "#domain/did-you-mean.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import type { Document, Refusal } from "./document.ts";
import type { DevicesRaw } from "./garage-settings.ts";

/** Devices in a vehicle that does not exist. */
export function strays(
  vehicles: readonly Vehicle[],
  { value: devices, overrides }: Document<DevicesRaw, readonly DeviceRecord[]>,
): readonly Refusal[] {
  const ids = new Set(vehicles.map(({ id }) => id));
  return devices.flatMap(({ vehicle }, index) => {
    if (vehicle === undefined || ids.has(vehicle)) return [];
    const path = ["devices", index, "vehicle"];
    const variable = overrides.find((override) => override.path.join() === path.join())?.variable;
    const meant = didYouMean(vehicle, ids);
    const what = [
      variable === undefined ? "" : `(set by ${variable}) `,
      `vehicles.json has no ${vehicle}`,
      meant === undefined ? "" : `, did you mean ${meant}?`,
    ].join("");
    return [{ code: "SETTINGS_INVALID", path, what }];
  });
}

/** Vehicles that are gone although a device is in them. */
export function missing(vehicles: readonly Vehicle[], devices: readonly DeviceRecord[]): readonly Refusal[] {
  const ids = new Set(vehicles.map(({ id }) => id));
  return devices.flatMap(({ id, vehicle }) => {
    if (vehicle === undefined || ids.has(vehicle)) return [];
    return [
      { code: "SETTINGS_INVALID", path: ["vehicles"], what: `${vehicle} is gone, but ${id} of devices.json is in it` },
    ];
  });
}

/** History is kept under ids: one that was given stays given, even when its owner is removed from the file by hand. */
export function keepRetired<Raw extends { readonly retired: readonly string[] }, List extends keyof Raw>(
  raw: Raw & { readonly [K in List]: readonly { readonly id: string }[] },
  before: Raw & { readonly [K in List]: readonly { readonly id: string }[] },
  list: List,
): Raw {
  const present = new Set(raw[list].map(({ id }) => id));
  const given = [...before.retired, ...raw.retired, ...before[list].map(({ id }) => id)];
  return { ...raw, retired: [...new Set(given)].filter((id) => !present.has(id)).sort() };
}
