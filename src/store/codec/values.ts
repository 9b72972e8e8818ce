import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { readDeltas, writeDeltas } from "./integers.ts";
import { INTEGER_LIMIT, POWERS_OF_TEN } from "./numbers.ts";

/** `value = raw * scale + offset` with an integer raw. */
export interface Quantum {
  readonly scale: number;
  readonly offset: number;
}

/** How a column's values were turned into numbers that pack well. All three are exact. */
type Packing =
  | ({ readonly kind: "quantum" } & Quantum)
  /** `value = raw / 10^digits` with an integer raw. */
  | { readonly kind: "decimal"; readonly digits: number }
  /** The doubles themselves, any bit pattern. */
  | { readonly kind: "bits" };

/** What is known of a column without decoding it. */
export interface ColumnHead {
  readonly packing: Packing;
  /** Bytes in the body; 0 where all values are the same. */
  readonly length: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
}

const KINDS = ["quantum", "decimal", "bits"] as const;
const CONSTANT = 4;

/**
 * Writes one column: its head with statistics, and its body unless all values are the same. The quantum is tried first;
 * values it does not give back exactly go as decimals, and those that are none as they are.
 */
export class ColumnEncoder {
  #integers = new Float64Array(1024);

  write(values: Float64Array, quantum: Quantum | undefined, head: ByteWriter, body: ByteWriter): void {
    if (this.#integers.length < values.length) this.#integers = new Float64Array(values.length * 2);
    const integers = this.#integers.subarray(0, values.length);
    const packing = pack(values, quantum, integers);
    const numbers = packing.kind === "bits" ? values : integers;

    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      if (number < min) min = number;
      if (number > max) max = number;
      sum += number;
    }
    const constant = packing.kind === "bits" ? isOneBitPattern(values) : min === max;

    head.byte(KINDS.indexOf(packing.kind) | (constant ? CONSTANT : 0));
    if (packing.kind === "quantum") {
      head.number(packing.scale);
      head.number(packing.offset);
    } else if (packing.kind === "decimal") {
      head.byte(packing.digits);
    }
    if (constant) {
      head.number(numbers[0] ?? 0);
      return;
    }
    head.number(min);
    head.number(max);
    head.number(sum);
    const start = body.length;
    if (packing.kind === "bits") writeBits(body, values);
    else writeDeltas(body, integers);
    head.varint(body.length - start);
  }
}

/** The head of the next column, which has `count` values. */
export function readColumnHead(head: ByteReader, count: number): ColumnHead {
  const flags = head.byte();
  const packing = readPacking(flags & 3, head);
  const constant = (flags & CONSTANT) !== 0;
  const min = head.number();
  const max = constant ? min : head.number();
  const sum = constant ? min * count : head.number();
  const length = constant ? 0 : head.varint();
  const first = unpack(packing, min);
  const last = unpack(packing, max);
  // A negative scale turns the order round.
  return {
    packing,
    length,
    min: Math.min(first, last),
    max: Math.max(first, last),
    sum: packing.kind === "quantum" ? sum * packing.scale + count * packing.offset : unpack(packing, sum),
  };
}

/** The values of a column from its part of the body. */
export function readColumn(head: ColumnHead, body: Uint8Array, into: Float64Array): void {
  const { packing } = head;
  if (head.length === 0) {
    into.fill(head.min);
    return;
  }
  if (packing.kind === "bits") {
    readBits(body, into);
    return;
  }
  readDeltas(body, into);
  if (packing.kind === "quantum") {
    const { scale, offset } = packing;
    for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) * scale + offset;
  } else if (packing.digits > 0) {
    const power = POWERS_OF_TEN[packing.digits] ?? 1;
    for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) / power;
  }
}

function pack(values: Float64Array, quantum: Quantum | undefined, integers: Float64Array): Packing {
  if (quantum !== undefined && packByQuantum(values, quantum, integers)) {
    return { kind: "quantum", scale: quantum.scale, offset: quantum.offset };
  }
  const digits = packAsDecimals(values, integers);
  return digits === undefined ? { kind: "bits" } : { kind: "decimal", digits };
}

function packByQuantum(values: Float64Array, { scale, offset }: Quantum, integers: Float64Array): boolean {
  // Faster than a division, and rounding takes up the difference.
  const inverse = 1 / scale;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const raw = Math.round((value - offset) * inverse);
    // Division tells -0 from 0, NaN equals nothing, and either must come back as it was.
    if (raw * scale + offset !== value || !(Math.abs(raw) <= INTEGER_LIMIT)) return false;
    if (value === 0 && 1 / value < 0) return false;
    integers[i] = raw;
  }
  return true;
}

/** The fewest digits that give every value back exactly; undefined when none do. */
function packAsDecimals(values: Float64Array, integers: Float64Array): number | undefined {
  let digits = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value === 0 && 1 / value < 0) return undefined;
    let power = POWERS_OF_TEN[digits] ?? 1;
    while (Math.round(value * power) / power !== value) {
      digits++;
      if (digits === POWERS_OF_TEN.length) return undefined;
      power = POWERS_OF_TEN[digits] ?? 1;
    }
  }
  const power = POWERS_OF_TEN[digits] ?? 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const raw = Math.round(value * power);
    if (raw / power !== value || Math.abs(raw) > INTEGER_LIMIT) return undefined;
    integers[i] = raw;
  }
  return digits;
}

function isOneBitPattern(values: Float64Array): boolean {
  const words = new BigUint64Array(values.buffer, values.byteOffset, values.length);
  const first = words[0];
  return words.every((word) => word === first);
}

function readPacking(kind: number, head: ByteReader): Packing {
  switch (KINDS[kind]) {
    case "quantum":
      return { kind: "quantum", scale: head.number(), offset: head.number() };
    case "decimal":
      return { kind: "decimal", digits: head.byte() };
    case "bits":
      return { kind: "bits" };
    default:
      throw new RangeError("unknown column packing");
  }
}

function unpack(packing: Packing, number: number): number {
  switch (packing.kind) {
    case "quantum":
      return number * packing.scale + packing.offset;
    case "decimal":
      return number / (POWERS_OF_TEN[packing.digits] ?? 1);
    case "bits":
      return number;
  }
}

/** Exclusive or with the neighbour before, all first bytes, then all second bytes …: what changes little packs well. */
function writeBits(writer: ByteWriter, values: Float64Array): void {
  const source = new Uint8Array(values.buffer, values.byteOffset, values.length * 8);
  const bytes = writer.reserve(source.length);
  let at = writer.length;
  for (let plane = 0; plane < 8; plane++) {
    let previous = 0;
    for (let i = plane; i < source.length; i += 8) {
      const byte = source[i] ?? 0;
      bytes[at++] = byte ^ previous;
      previous = byte;
    }
  }
  writer.length = at;
}

function readBits(bytes: Uint8Array, into: Float64Array): void {
  if (bytes.length !== into.length * 8) throw new RangeError("encoded data does not match its count");
  const target = new Uint8Array(into.buffer, into.byteOffset, bytes.length);
  let at = 0;
  for (let plane = 0; plane < 8; plane++) {
    let previous = 0;
    for (let i = plane; i < target.length; i += 8) {
      previous ^= bytes[at++] ?? 0;
      target[i] = previous;
    }
  }
}
