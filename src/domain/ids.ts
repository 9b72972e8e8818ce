declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Slug of a vehicle: `family-leaf`. Part of MQTT topics and unique ids, never changes once given. */
export type VehicleId = Brand<string, "VehicleId">;
/** Stable id of a device, derived from what does not change about it: MAC, serial number, bus name. */
export type DeviceId = Brand<string, "DeviceId">;
/** Slug of a signal, unique within its device: `pack_voltage`. */
export type SignalKey = Brand<string, "SignalKey">;

// Home Assistant accepts [a-zA-Z0-9_-] in discovery ids; MQTT forbids + # / in a topic level.
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const KEY = /^[a-z][a-z0-9_]{0,63}$/;

export const isVehicleId = (text: string): text is VehicleId => ID.test(text);
export const isDeviceId = (text: string): text is DeviceId => ID.test(text);
export const isSignalKey = (text: string): text is SignalKey => KEY.test(text);

/** For literals in tables: throws a TypeError on a malformed one, so a typo fails at start and in every test. */
export function signalKey(text: string): SignalKey {
  if (!isSignalKey(text)) throw new TypeError(`not a signal key: ${text}`);
  return text;
}

/** `Family Leaf (2013)` → `family-leaf-2013`; empty when nothing usable is left. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64);
}
