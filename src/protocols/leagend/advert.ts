import { BLOCK, decrypt, type Model, models } from "./model.ts";
import { plausibleCharge, plausibleVoltage } from "./reading.ts";

/** A reading that needed no connection. */
export interface AdvertReading {
  readonly model: Model;
  /** V; the beacon form carries the charge only. */
  readonly voltage?: number;
  /** %. */
  readonly stateOfCharge: number;
}

export type Advert =
  | { readonly type: "reading"; readonly reading: AdvertReading }
  /** Decrypts well but names another sender: a copy or a forgery, never a reading. */
  | { readonly type: "foreign" }
  | { readonly type: "implausible" };

const APPLE = 0x004c;
const beacons: readonly { readonly model: Model; readonly uuid: string; readonly charge: number }[] = [
  // iBeacon: 02 15, UUID, major, minor, power. BM2 puts the charge where the power belongs, BM6 into the major's low byte.
  { model: "BM2", uuid: "655f83caae16a10a702e31f30d58dd82", charge: 22 },
  { model: "BM6", uuid: "3ba29cd9a42c894856badaf2606ef777", charge: 19 },
];
const BEACON_LENGTH = 23;

/**
 * One manufacturer record of an advert.
 * @param company Bluetooth company identifier of the record
 * @param data what follows it
 * @param address the sender, `50:54:7B:24:30:10`; undefined where the system hides it
 * @returns undefined when the record is not of a known monitor
 */
export function parseAdvert(company: number, data: Uint8Array, address: string | undefined): Advert | undefined {
  if (company === APPLE) return parseBeacon(data);
  if (data.length !== BLOCK - 2) return undefined;
  // The company identifier is not one: its two bytes are the first of the encrypted block.
  const block = new Uint8Array(BLOCK);
  block[0] = company & 0xff;
  block[1] = company >> 8;
  block.set(data, 2);
  for (const model of models) {
    const plaintext = decrypt(model, block);
    if (!keyFits(plaintext)) continue;
    const owner = ownerOf(model, plaintext);
    if (address !== undefined && owner !== address.toUpperCase()) return { type: "foreign" };
    const [, , , , , , high = 0, low = 0, stateOfCharge = 0] = plaintext;
    const voltage = ((high << 8) | low) / 100;
    if (!plausibleVoltage(voltage) || !plausibleCharge(stateOfCharge)) return { type: "implausible" };
    return { type: "reading", reading: { model, voltage, stateOfCharge } };
  }
  return undefined;
}

/** Three zeros stand before the version; a wrong key leaves them by chance once in 17 million adverts. */
const keyFits = (plaintext: Uint8Array): boolean => plaintext[11] === 0 && plaintext[12] === 0 && plaintext[13] === 0;

/** The address inside the block: most significant byte first, but for BM2. */
function ownerOf(model: Model, plaintext: Uint8Array): string {
  const bytes = Array.from(plaintext.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0").toUpperCase());
  return (model === "BM2" ? bytes.reverse() : bytes).join(":");
}

function parseBeacon(data: Uint8Array): Advert | undefined {
  if (data.length !== BEACON_LENGTH || data[0] !== 0x02 || data[1] !== 0x15) return undefined;
  const uuid = Buffer.from(data.subarray(2, 18)).toString("hex");
  const beacon = beacons.find((known) => known.uuid === uuid);
  if (beacon === undefined) return undefined;
  const stateOfCharge = data[beacon.charge] ?? 255;
  if (!plausibleCharge(stateOfCharge)) return { type: "implausible" };
  return { type: "reading", reading: { model: beacon.model, stateOfCharge } };
}
