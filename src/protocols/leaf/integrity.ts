/** How a frame proves that it is whole. */
export type Integrity = "crc8" | "nibble-sum";

const POLYNOMIAL = 0x85;

const crcTable = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

/** CRC-8 over all bytes but the last: polynomial 0x85, start 0, no final xor. */
function crc8(data: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < data.length - 1; i++) crc = crcTable[crc ^ (data[i] ?? 0)] ?? 0;
  return crc;
}

const nibbles = (byte: number): number => (byte >> 4) + (byte & 15);

/** Hex digits of the CAN id and all nibbles but the last, modulo 16. */
function nibbleSum(id: number, data: Uint8Array): number {
  const last = data.length - 1;
  let sum = nibbles(id >> 8) + nibbles(id & 0xff) + ((data[last] ?? 0) >> 4);
  for (let i = 0; i < last; i++) sum += nibbles(data[i] ?? 0);
  return sum & 15;
}

/** True when the checksum at the end of the data is right. */
export function isIntact(integrity: Integrity, id: number, data: Uint8Array): boolean {
  const last = data[data.length - 1] ?? 0;
  switch (integrity) {
    case "crc8":
      return crc8(data) === last;
    case "nibble-sum":
      return nibbleSum(id, data) === (last & 15);
  }
}

/** Puts the checksum into its place, for simulators. */
export function seal(integrity: Integrity, id: number, data: Uint8Array): void {
  const last = data.length - 1;
  switch (integrity) {
    case "crc8":
      data[last] = crc8(data);
      return;
    case "nibble-sum":
      data[last] = ((data[last] ?? 0) & 0xf0) | nibbleSum(id, data);
  }
}
