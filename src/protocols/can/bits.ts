/** Place of an integer in a frame's data, as DBC files number the bits. */
export interface BitField {
  /** Big-endian (Motorola): the most significant bit. Little-endian (Intel): the least significant one. */
  readonly start: number;
  /** 1 to 64 bits. Exact up to 53, above that the nearest double. */
  readonly length: number;
  readonly byteOrder: "big" | "little";
  readonly signed: boolean;
}

/** Reads a field's raw integer. The caller has checked that the data is long enough (`bytesSpanned`). */
export type BitReader = (data: Uint8Array) => number;
/** Puts a raw integer into its place, all other bits untouched; higher bits of `raw` are cut off. */
export type BitWriter = (data: Uint8Array, raw: number) => void;

const NOTATION = /^(\d+)\|(\d+)@([01])([+-])$/;

/** `7|11@0-`: start bit, length, `@0` big-endian or `@1` little-endian, `+` unsigned or `-` signed. For literals: throws a TypeError. */
export function bitField(text: string): BitField {
  const match = NOTATION.exec(text);
  if (match === null) throw new TypeError(`not a DBC bit place: ${text}`);
  return {
    start: Number(match[1]),
    length: Number(match[2]),
    byteOrder: match[3] === "0" ? "big" : "little",
    signed: match[4] === "-",
  };
}

interface Span {
  /** Indices of the bytes touched, most significant first. */
  readonly bytes: readonly [number, ...number[]];
  /** Bits of the last byte below the field. */
  readonly shift: number;
}

function spanOf({ start, length, byteOrder }: BitField): Span {
  const first = start >> 3;
  const bytes: [number, ...number[]] = [first];
  if (byteOrder === "big") {
    const end = first * 8 + (7 - (start & 7)) + length - 1;
    for (let byte = first + 1; byte <= end >> 3; byte++) bytes.push(byte);
    return { bytes, shift: 7 - (end & 7) };
  }
  for (let byte = first + 1; byte <= (start + length - 1) >> 3; byte++) bytes.unshift(byte);
  return { bytes, shift: start & 7 };
}

/** Fewest data bytes that hold the field. */
export function bytesSpanned(field: BitField): number {
  return Math.max(...spanOf(field).bytes) + 1;
}

/** The upper bits and the lower 32 of a field that is longer. */
export function bitHalves(field: BitField): { readonly upper: BitField; readonly lower: BitField } {
  const { start, length, byteOrder } = field;
  const upper = length - 32;
  if (byteOrder === "little") {
    return { upper: { ...field, start: start + 32, length: upper }, lower: { ...field, length: 32, signed: false } };
  }
  // Big-endian bits follow each other downwards within a byte, so they are counted from bit 7 on.
  const sequence = (start ^ 7) + upper;
  return { upper: { ...field, length: upper }, lower: { ...field, start: sequence ^ 7, length: 32, signed: false } };
}

/** Compiles a reader: no allocation, no branch on the field's shape when it runs. */
export function bitReader(field: BitField): BitReader {
  if (field.length > 53) {
    // Both halves are exact, so only the sum is rounded, once.
    const halves = bitHalves(field);
    const upper = bitReader(halves.upper);
    const lower = bitReader(halves.lower);
    return (data) => upper(data) * 2 ** 32 + lower(data);
  }
  const read = unsignedReader(field);
  if (!field.signed) return read;
  const half = 2 ** (field.length - 1);
  const full = 2 ** field.length;
  return (data) => {
    const raw = read(data);
    return raw < half ? raw : raw - full;
  };
}

function unsignedReader(field: BitField): BitReader {
  const { bytes, shift } = spanOf(field);
  const [a, b = 0, c = 0] = bytes;
  const mask = 2 ** field.length - 1;
  switch (bytes.length) {
    case 1:
      return (data) => ((data[a] ?? 0) >> shift) & mask;
    case 2:
      return (data) => ((((data[a] ?? 0) << 8) | (data[b] ?? 0)) >> shift) & mask;
    case 3:
      return (data) => ((((data[a] ?? 0) << 16) | ((data[b] ?? 0) << 8) | (data[c] ?? 0)) >> shift) & mask;
    default:
      return wideReader(field.length, bytes, shift);
  }
}

/** More than three bytes: arithmetic instead of 32-bit operators. */
function wideReader(length: number, bytes: readonly [number, ...number[]], shift: number): BitReader {
  const [first, ...rest] = bytes;
  const last = rest.pop() ?? first;
  const firstMask = 2 ** (length + shift - 8 * (bytes.length - 1)) - 1;
  const lastScale = 2 ** (8 - shift);
  return (data) => {
    let value = (data[first] ?? 0) & firstMask;
    for (const byte of rest) value = value * 256 + (data[byte] ?? 0);
    return value * lastScale + ((data[last] ?? 0) >> shift);
  };
}

/** Compiles the counterpart of `bitReader`, for simulators. */
export function bitWriter(field: BitField): BitWriter {
  const { bytes, shift } = spanOf(field);
  const places = bytes.toReversed();
  const full = 2n ** BigInt(field.length);
  const mask = (full - 1n) << BigInt(shift);
  return (data, raw) => {
    let value = (((BigInt(raw) % full) + full) % full) << BigInt(shift);
    let keep = ~mask;
    for (const byte of places) {
      data[byte] = ((data[byte] ?? 0) & Number(keep & 0xffn)) | Number(value & 0xffn);
      value >>= 8n;
      keep >>= 8n;
    }
  };
}
