import { INTEGER_LIMIT, POWERS_OF_TEN } from "./numbers.ts";

const BITS = new Float64Array(1);
const BYTES = new Uint8Array(BITS.buffer);

/** Grows as needed. To use it again, set `length` to 0. */
export class ByteWriter {
  length = 0;
  #bytes = new Uint8Array(4096);

  /** The array with room for `more` bytes behind `length`; stale after the next call of any method. */
  reserve(more: number): Uint8Array {
    const needed = this.length + more;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  byte(value: number): void {
    const bytes = this.reserve(1);
    bytes[this.length++] = value;
  }

  /** LEB128 of an integer of 0 to 2^53-1. */
  varint(value: number): void {
    const bytes = this.reserve(8);
    let rest = value;
    while (rest >= 128) {
      bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[this.length++] = rest;
  }

  /** Any double, exactly: as `mantissa / 10^digits` where that is short, else its eight bytes. */
  number(value: number): void {
    for (let digits = 0; digits < POWERS_OF_TEN.length; digits++) {
      const power = POWERS_OF_TEN[digits] ?? 1;
      const mantissa = Math.round(value * power);
      if (Object.is(value, -0) || !(Math.abs(mantissa) <= INTEGER_LIMIT)) break;
      if (mantissa / power !== value) continue;
      this.byte(digits);
      this.varint(mantissa < 0 ? -2 * mantissa - 1 : 2 * mantissa);
      return;
    }
    this.byte(255);
    BITS[0] = value;
    this.append(BYTES);
  }

  append(more: Uint8Array): void {
    this.reserve(more.length).set(more, this.length);
    this.length += more.length;
  }

  /** What was written; stale after the next call of any method. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
