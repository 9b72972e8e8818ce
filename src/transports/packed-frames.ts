import type { CanFrame } from "#domain/can-frame.ts";

/**
 * Frames as bytes, to be moved between threads without copying: per frame time (float64), id (uint32), flags and length
 * (bytes), two bytes unused, data filled up to a multiple of eight.
 */
const HEAD = 16;
const FIRST_SIZE = 16 * 1024;

const EXTENDED = 1;
const REMOTE = 2;
const ERROR = 4;
const FD = 8;

/** Collects frames up to a bound. */
export class FramePacker {
  readonly #limit: number;
  #buffer: ArrayBuffer;
  #view: DataView;
  #bytes: Uint8Array;
  #used = 0;

  /** `limit`: bytes held at most; 24 per classical frame. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#buffer = new ArrayBuffer(Math.min(limit, FIRST_SIZE));
    this.#view = new DataView(this.#buffer);
    this.#bytes = new Uint8Array(this.#buffer);
  }

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  /** False when full: nothing was added. */
  add(time: number, id: number, extended: boolean, type: CanFrame["type"], fd: boolean, data: Uint8Array): boolean {
    const at = this.#used;
    const end = at + HEAD + padded(data.length);
    if (end > this.#buffer.byteLength && !this.#grow(end)) return false;
    const flags =
      (extended ? EXTENDED : 0) | (type === "remote" ? REMOTE : type === "error" ? ERROR : 0) | (fd ? FD : 0);
    this.#view.setFloat64(at, time, true);
    this.#view.setUint32(at + 8, id, true);
    this.#view.setUint8(at + 12, flags);
    this.#view.setUint8(at + 13, data.length);
    this.#bytes.set(data, at + HEAD);
    this.#used = end;
    return true;
  }

  /** Hands the frames over and starts anew. */
  take(): ArrayBuffer {
    const taken = this.#buffer.slice(0, this.#used);
    this.#used = 0;
    return taken;
  }

  #grow(needed: number): boolean {
    const size = Math.min(this.#limit, Math.max(needed, 2 * this.#buffer.byteLength));
    if (needed > size) return false;
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes);
    this.#buffer = bytes.buffer;
    this.#view = new DataView(bytes.buffer);
    this.#bytes = bytes;
    return true;
  }
}

const padded = (length: number): number => (length + 7) & ~7;

/** The frames of a packer, received on this channel. Their data are views of `packed`. */
export function unpackFrames(packed: ArrayBuffer, channel: string): CanFrame[] {
  const view = new DataView(packed);
  const frames: CanFrame[] = [];
  for (let at = 0; at < packed.byteLength; ) {
    const flags = view.getUint8(at + 12);
    const length = view.getUint8(at + 13);
    const remote = (flags & REMOTE) !== 0;
    frames.push({
      time: view.getFloat64(at, true),
      id: view.getUint32(at + 8, true),
      extended: (flags & EXTENDED) !== 0,
      type: remote ? "remote" : (flags & ERROR) !== 0 ? "error" : "data",
      fd: (flags & FD) !== 0,
      direction: "rx",
      channel,
      data: new Uint8Array(packed, at + HEAD, remote ? 0 : length),
      length,
    });
    at += HEAD + padded(length);
  }
  return frames;
}
