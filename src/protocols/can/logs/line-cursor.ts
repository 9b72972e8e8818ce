const BLANK = 0x20;
const TAB = 0x09;
const MINUS = 0x2d;
const POINT = 0x2e;

/** Value of a hexadecimal digit by its ASCII code, -1 for anything else. */
const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
const hexDigit = (byte: number | undefined): number => HEX[byte ?? 0] ?? -1;

const latin1 = new TextDecoder("latin1");

/**
 * Takes one line of ASCII apart, field by field, without making strings: the hot path of every text dialect. A field
 * that is not there is NaN, false or empty, and the cursor stays where it was.
 */
export class LineCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** How many digits the last `hex` had. */
  digits = 0;
  /** False for what follows the last line end of a file: it may have been cut off. */
  whole = true;

  /** `bytes[from..to)`, without the line end. */
  set(bytes: Uint8Array, from: number, to: number, whole: boolean): void {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
    this.whole = whole;
  }

  /** The byte under the cursor, -1 at the end. */
  get peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? -1) : -1;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** Behind the last byte of a field. */
  get atFieldEnd(): boolean {
    const byte = this.peek;
    return byte === -1 || byte === BLANK || byte === TAB;
  }

  /** Moves over blanks and tabs. */
  blanks(): this {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
    this.at = at;
    return this;
  }

  /** Moves over this byte when it is there. */
  eat(byte: number): boolean {
    if (this.peek !== byte) return false;
    this.at++;
    return true;
  }

  /** Moves over these bytes of ASCII, in any case, when they are there. */
  eatWord(word: string): boolean {
    if (this.end - this.at < word.length) return false;
    for (let i = 0; i < word.length; i++) {
      const byte = this.bytes[this.at + i] ?? 0;
      const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
      if (lower !== word.charCodeAt(i)) return false;
    }
    this.at += word.length;
    return true;
  }

  /** Moves over the rest of a field, up to a blank, a tab or the end. */
  skipWord(): void {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && bytes[at] !== BLANK && bytes[at] !== TAB) at++;
    this.at = at;
  }

  /** Moves behind the next such byte; false, and to the end, when there is none. */
  skipPast(byte: number): boolean {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && bytes[at] !== byte) at++;
    this.at = Math.min(at + 1, end);
    return at < end;
  }

  /** The field under the cursor as text, up to a blank, a tab or the end. */
  word(): string {
    const from = this.at;
    this.skipWord();
    return this.text(from, this.at);
  }

  /** From here to the end of the line. */
  rest(): string {
    return this.text(this.at, this.end);
  }

  text(from: number, to: number): string {
    return latin1.decode(this.bytes.subarray(from, to));
  }

  /** An unsigned decimal integer. */
  integer(): number {
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === this.at) return Number.NaN;
    this.at = at;
    return value;
  }

  /**
   * A decimal number as an integer of its so-many-th decimals: `1.5` with 6 decimals is 1500000. Further decimals are
   * cut off. Kept an integer so that microseconds since 1970 stay exact.
   */
  fixed(decimals: number): number {
    const from = this.at;
    const minus = this.eat(MINUS);
    let value = this.integer();
    if (Number.isNaN(value)) {
      this.at = from;
      return value;
    }
    let left = decimals;
    if (this.eat(POINT)) {
      const { bytes, end } = this;
      let at = this.at;
      for (; at < end; at++) {
        const digit = (bytes[at] ?? 0) - 0x30;
        if (digit < 0 || digit > 9) break;
        if (left > 0) {
          value = value * 10 + digit;
          left--;
        }
      }
      this.at = at;
    }
    for (; left > 0; left--) value *= 10;
    return minus ? -value : value;
  }

  /** One hexadecimal digit, -1 when there is none. */
  hexDigit(): number {
    const digit = this.atEnd ? -1 : hexDigit(this.bytes[this.at]);
    if (digit >= 0) this.at++;
    return digit;
  }

  /** A hexadecimal integer; `digits` tells its width. */
  hex(): number {
    const { bytes, end } = this;
    let at = this.at;
    let value = 0;
    for (; at < end; at++) {
      const digit = hexDigit(bytes[at]);
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    this.digits = at - this.at;
    this.at = at;
    return this.digits === 0 ? Number.NaN : value;
  }

  /** Bytes of two hexadecimal digits each, one directly after the other; undefined when one is missing. */
  hexBytes(count: number): Uint8Array | undefined {
    const { bytes } = this;
    if (this.end - this.at < 2 * count) return undefined;
    const data = new Uint8Array(count);
    let at = this.at;
    for (let i = 0; i < count; i++, at += 2) {
      const value = (hexDigit(bytes[at]) << 4) | hexDigit(bytes[at + 1]);
      if (value < 0) return undefined;
      data[i] = value;
    }
    this.at = at;
    return data;
  }

  /** Bytes of two hexadecimal digits with blanks before each; undefined when one is missing or longer. */
  spacedHexBytes(count: number): Uint8Array | undefined {
    const { bytes, end } = this;
    const data = new Uint8Array(count);
    let at = this.at;
    for (let i = 0; i < count; i++, at += 2) {
      while (at < end && bytes[at] === BLANK) at++;
      if (at + 2 > end) return undefined;
      const value = (hexDigit(bytes[at]) << 4) | hexDigit(bytes[at + 1]);
      if (value < 0) return undefined;
      data[i] = value;
    }
    if (at < end && hexDigit(bytes[at]) >= 0) return undefined;
    this.at = at;
    return data;
  }

  /** How many digits of hexadecimal follow from here on without a gap. */
  hexDigitsAhead(): number {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && hexDigit(bytes[at]) >= 0) at++;
    return at - this.at;
  }
}
