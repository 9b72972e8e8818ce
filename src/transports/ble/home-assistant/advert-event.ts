import { z } from "zod";
import type { BleAdvert } from "#domain/ble.ts";

// Core, components/bluetooth/websocket_api.py
const hex = z.hex().transform((text) => new Uint8Array(Buffer.from(text, "hex")));
const heard = z.object({
  address: z.string(),
  name: z.string().nullish(),
  rssi: z.number(),
  /** UTC in seconds. */
  time: z.number(),
  connectable: z.boolean(),
  /** Address of the adapter or proxy. */
  source: z.string(),
  manufacturer_data: z.record(z.string(), hex),
  service_uuids: z.array(z.string()),
});
const event = z.object({ add: z.array(z.unknown()).optional() });
const scannerEvent = z.object({ add: z.array(z.object({ source: z.string(), name: z.string() })).optional() });

/** Names of adapters and proxies, by their addresses. */
export type ScannerNames = Map<string, string>;

/** `bluetooth/subscribe_scanner_details` */
export function learnScanners(names: ScannerNames, message: unknown): void {
  for (const { source, name } of scannerEvent.safeParse(message).data?.add ?? []) {
    // Core adds the address to it.
    names.set(source, name.replace(` (${source})`, ""));
  }
}

/** `bluetooth/subscribe_advertisements`: the adverts of one event; what is not as Core documents it is left out. */
export function toAdverts(message: unknown, scanners: ScannerNames): readonly BleAdvert[] {
  const adverts: BleAdvert[] = [];
  for (const entry of event.safeParse(message).data?.add ?? []) {
    const { data } = heard.safeParse(entry);
    if (data === undefined) continue;
    const address = data.address.toUpperCase();
    adverts.push({
      address,
      // Core gives the address as the name of what has none.
      name: data.name && data.name.toUpperCase().replaceAll("-", ":") !== address ? data.name : undefined,
      rssi: data.rssi,
      time: Math.round(data.time * 1000),
      connectable: data.connectable,
      source: scanners.get(data.source) ?? data.source,
      manufacturerData: new Map(Object.entries(data.manufacturer_data).map(([key, bytes]) => [Number(key), bytes])),
      serviceUuids: data.service_uuids.map((uuid) => uuid.toLowerCase()),
    });
  }
  return adverts;
}
