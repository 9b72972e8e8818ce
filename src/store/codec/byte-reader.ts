import { POWERS_OF_TEN } from "./numbers.ts";

/** Reads what ByteWriter wrote; throws a RangeError when the bytes end early. */
export class ByteReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw new RangeError("encoded data ends early");
    return value;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  number(): number {
    const digits = this.byte();
    const power = POWERS_OF_TEN[digits];
    if (power === undefined) {
      const bytes = this.take(8);
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
    }
    const zigzag = this.varint();
    return (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2) / power;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new RangeError("encoded data ends early");
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}
