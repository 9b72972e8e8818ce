import { Variant } from "dbus-next";
import { z } from "zod";
import type { BleAdvert } from "#domain/ble.ts";
import type { Properties } from "./bluez-objects.ts";

const bytes = z.instanceof(Variant).transform(({ value }, context): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  context.addIssue("not bytes");
  return z.NEVER;
});
const device = z.object({
  Address: z.string(),
  Alias: z.string().optional(),
  Name: z.string().optional(),
  RSSI: z.number(),
  // Keys of a D-Bus dictionary are property names here, and those are strings.
  ManufacturerData: z.record(z.string(), bytes).optional(),
  UUIDs: z.array(z.string()).optional(),
});

/** What BlueZ knows of a device it hears, as the advert that it heard last. Undefined for one it does not hear. */
export function toAdvert(properties: Properties, source: string, time: number): BleAdvert | undefined {
  const { data } = device.safeParse(Object.fromEntries(properties));
  if (data === undefined) return undefined;
  return {
    address: data.Address.toUpperCase(),
    name: data.Name,
    rssi: data.RSSI,
    time,
    // BlueZ does not tell; what cannot be connected to says so when it is tried.
    connectable: true,
    source,
    manufacturerData: new Map(Object.entries(data.ManufacturerData ?? {}).map(([key, value]) => [Number(key), value])),
    serviceUuids: (data.UUIDs ?? []).map((uuid) => uuid.toLowerCase()),
  };
}
