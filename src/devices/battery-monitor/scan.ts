import type { BleAdapter, BleAdvert } from "#domain/ble.ts";
import { isDeviceId } from "#domain/ids.ts";
import { type AdvertReading, parseAdvert } from "#protocols/leagend/advert.ts";
import type { Model } from "#protocols/leagend/model.ts";
import type { Discovery, DiscoveryContext } from "../device-kind.ts";

/** What they call themselves; the same box is sold under several names, and the key may be another model's. */
const names: ReadonlyMap<string, Model> = new Map([
  ["Battery Monitor", "BM2"],
  ["ZX-1689", "BM2"],
  ["Li Battery Monitor", "BM2"],
  ["BM6", "BM6"],
  ["BM300 Pro", "BM7"],
  ["BM7", "BM7"],
]);

/** A monitor near by, or what may be one. */
export interface Sighting {
  readonly address: string;
  /** By its key or its beacon, else by its name. */
  readonly model: Model;
  /** `advert`: it decrypts and names its sender. `beacon`: its identifier is known. `name`: nothing but the name speaks for it. */
  readonly proof: "advert" | "beacon" | "name";
  /** What the advert told. */
  readonly reading: AdvertReading | undefined;
  readonly advert: BleAdvert;
}

/** Undefined for the advert of anything else, and for one that names another sender. */
export function recogniseMonitor(advert: BleAdvert): Sighting | undefined {
  const { address, name, manufacturerData } = advert;
  let reading: AdvertReading | undefined;
  for (const [company, data] of manufacturerData) {
    const found = parseAdvert(company, data, address);
    if (found?.type === "foreign") return undefined;
    if (found?.type === "reading" && reading?.voltage === undefined) reading = found.reading;
  }
  const model = reading?.model ?? names.get(name?.trim() ?? "");
  if (model === undefined) return undefined;
  const proof = reading === undefined ? "name" : reading.voltage === undefined ? "beacon" : "advert";
  return { address, model, proof, reading, advert };
}

/** Monitors among the adverts, as they come. Senders are not remembered: each advert yields anew. */
export async function* scanMonitors(adapter: BleAdapter, signal: AbortSignal): AsyncGenerator<Sighting> {
  for await (const advert of adapter.adverts(signal)) {
    const sighting = recogniseMonitor(advert);
    if (sighting !== undefined) yield sighting;
  }
}

/** The same monitor is told of again this often at most. */
const AGAIN_MS = 60_000;
/** More monitors than in any harbour; beyond, the oldest is forgotten and may be told of sooner. */
const MOST_SENDERS = 256;

/** Listens on the way to Bluetooth that suits where Carport runs; connects to nothing. @throws CarportError BLE_… */
export async function* discoverMonitors({ services, clock, signal }: DiscoveryContext): AsyncGenerator<Discovery> {
  const adapter = services.openBle("auto");
  const told = new Map<string, { readonly at: number; readonly proof: Sighting["proof"] }>();
  try {
    for await (const sighting of scanMonitors(adapter, signal)) {
      const { address, proof } = sighting;
      const before = told.get(address);
      const now = clock.monotonic();
      if (before !== undefined && now - before.at < AGAIN_MS && (before.proof === proof || proof === "name")) continue;
      told.delete(address);
      told.set(address, { at: now, proof });
      const [oldest] = told.keys();
      if (told.size > MOST_SENDERS && oldest !== undefined) told.delete(oldest);
      const discovery = asDiscovery(sighting);
      if (discovery !== undefined) yield discovery;
    }
  } finally {
    await adapter.close();
  }
}

function asDiscovery(sighting: Sighting): Discovery | undefined {
  const { address, model } = sighting;
  const id = `battery-monitor-${address.replaceAll(":", "").toLowerCase()}`;
  if (!isDeviceId(id)) return undefined;
  const name = `Battery monitor ${model} ${address.slice(-8)}`;
  return { id, name, settings: { address }, evidence: evidence(sighting) };
}

/** What was seen, for a person: "BM6 at 50:54:7B:24:30:10, 13.28 V, 85 %, heard by hci0 at −61 dBm". */
export function evidence({ address, model, proof, reading, advert }: Sighting): string {
  const heard = `heard by ${advert.source} at ${String(advert.rssi).replace("-", "−")} dBm`;
  if (proof === "name") {
    return `calls itself “${advert.name?.trim()}”, as ${model} monitors do, at ${address}, ${heard}; only a connection can prove it`;
  }
  const volts = reading?.voltage === undefined ? "" : ` ${reading.voltage.toFixed(2)} V,`;
  return `${model} at ${address},${volts} ${reading?.stateOfCharge} %, ${heard}`;
}
