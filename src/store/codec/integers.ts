import type { ByteWriter } from "./byte-writer.ts";

const MOST_BYTES = 8;

/** Differences between neighbours as zigzag LEB128. Integers up to INTEGER_LIMIT. */
export function writeDeltas(writer: ByteWriter, integers: Float64Array): void {
  const bytes = writer.reserve(integers.length * MOST_BYTES);
  let at = writer.length;
  let previous = 0;
  for (let i = 0; i < integers.length; i++) {
    const integer = integers[i] ?? 0;
    at = putZigzag(bytes, at, integer - previous);
    previous = integer;
  }
  writer.length = at;
}

/**
 * Changes of the interval between neighbours, as zigzag LEB128: zeros for a steady rate. The first time is not written.
 * Integers up to INTEGER_LIMIT / 4, in any order.
 */
export function writeIntervals(writer: ByteWriter, times: Float64Array): void {
  const bytes = writer.reserve(times.length * MOST_BYTES);
  let at = writer.length;
  let previous = times[0] ?? 0;
  let interval = 0;
  for (let i = 1; i < times.length; i++) {
    const time = times[i] ?? 0;
    const next = time - previous;
    at = putZigzag(bytes, at, next - interval);
    interval = next;
    previous = time;
  }
  writer.length = at;
}

/** The integers that writeDeltas wrote into all of `bytes`; throws a RangeError when they are not that many. */
export function readDeltas(bytes: Uint8Array, into: Float64Array): void {
  readZigzags(bytes, into, 0);
  let integer = 0;
  for (let i = 0; i < into.length; i++) {
    integer += into[i] ?? 0;
    into[i] = integer;
  }
}

/** The times that writeIntervals wrote into all of `bytes`; throws a RangeError when they are not that many. */
export function readIntervals(bytes: Uint8Array, first: number, into: Float64Array): void {
  readZigzags(bytes, into, 1);
  let time = first;
  let interval = 0;
  into[0] = first;
  for (let i = 1; i < into.length; i++) {
    interval += into[i] ?? 0;
    time += interval;
    into[i] = time;
  }
}

function putZigzag(bytes: Uint8Array, start: number, integer: number): number {
  let at = start;
  let rest = integer < 0 ? -2 * integer - 1 : 2 * integer;
  while (rest >= 0x8000_0000) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  // Below 2^31 the engine's integer arithmetic is several times faster.
  let small = rest | 0;
  while (small >= 128) {
    bytes[at++] = (small & 127) | 128;
    small >>= 7;
  }
  bytes[at++] = small;
  return at;
}

function readZigzags(bytes: Uint8Array, into: Float64Array, from: number): void {
  let at = 0;
  for (let i = from; i < into.length; i++) {
    let byte = bytes[at++] ?? 0;
    let zigzag = byte & 127;
    for (let factor = 128; byte >= 128; factor *= 128) {
      byte = bytes[at++] ?? 0;
      zigzag += (byte & 127) * factor;
    }
    into[i] = (zigzag & 1) === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
  if (at !== bytes.length) throw new RangeError("encoded data does not match its count");
}
