import { BLOCK, encrypt, type Model } from "./model.ts";

// Only these are known to be harmless: other selectors in byte 4 address banks that nobody has documented.
const LIVE = [0xd1, 0x55, 0x07];
const VERSION = [0xd1, 0x55, 0x01];

function command(model: Model, head: readonly number[]): Uint8Array {
  const plaintext = new Uint8Array(BLOCK);
  plaintext.set(head);
  return encrypt(model, plaintext);
}

/** Asks for one live packet; undefined for BM2, which pushes them unasked. */
export const pollLive = (model: Model): Uint8Array | undefined => (model === "BM2" ? undefined : command(model, LIVE));

/** Asks for the version; undefined for BM2, which has no such command. */
export const askVersion = (model: Model): Uint8Array | undefined =>
  model === "BM2" ? undefined : command(model, VERSION);

/** BM2 only: how many history records there are. Wait a second after the answer before reading. */
export const countHistory = (): Uint8Array => command("BM2", [0xe7, 0x01]);

/**
 * Asks for stored records.
 * BM6: `amount` newest pages of 256 records, 1–255. BM7: one page, whatever the amount. BM2: `amount` records.
 */
export function readHistory(model: Model, amount: number): Uint8Array {
  switch (model) {
    case "BM6":
      return command(model, [0xd1, 0x55, 0x05, 0, 0, 0, 0, Math.min(255, Math.max(1, amount))]);
    case "BM7":
      return command(model, [0xd1, 0x55, 0x05, 0, 0, 0, 1]);
    case "BM2": {
      const count = Math.max(0, Math.trunc(amount));
      return command(model, [0xe3, 0, 0, count >>> 24, (count >>> 16) & 0xff, (count >>> 8) & 0xff, count & 0xff]);
    }
  }
}
