import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, CanLogTimeBase } from "#domain/can-log.ts";
import { ByteQueue } from "./byte-queue.ts";
import { addCapturedFrame } from "./captured-frame.ts";
import type { LogDialect } from "./dialect.ts";
import { LogCounters } from "./log-counters.ts";
import { BareTimes } from "./times.ts";

/** The same in either byte order. */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LARGEST_BLOCK = 1024 * 1024;
const SMALLEST_BLOCK = 12;
const MOST_INTERFACES = 256;
/** Options of an interface. */
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

/** Wireshark's and dumpcap's captures, several interfaces in one (draft-ietf-opsawg-pcapng). */
export const pcapng: LogDialect = {
  name: "pcapng",
  title: "Wireshark (.pcapng)",
  binary: true,
  recognises: ({ bytes }) =>
    bytes.length >= 12 && bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a,
  reader: () => new PcapngReader(),
};

interface Interface {
  readonly linkType: number;
  readonly name: string;
  readonly ticksPerSecond: bigint;
  readonly offsetMicroseconds: number;
}

class PcapngReader implements CanLogReader {
  readonly dialect = "pcapng";
  readonly counters = new LogCounters();
  readonly #times = new BareTimes();
  readonly #queue = new ByteQueue();
  #littleEndian = true;
  #interfaces: Interface[] = [];
  #lost = false;

  get timeBase(): CanLogTimeBase {
    return this.#times.timeBase;
  }

  read(chunk: Uint8Array): CanFrame[] {
    this.#queue.append(chunk);
    return this.#read(false);
  }

  end(): CanFrame[] {
    const frames = this.#read(true);
    if (this.#queue.length > 0) this.#loseTrack("the file ends within a block");
    this.#queue.drop(this.#queue.length);
    return frames;
  }

  #read(atEnd: boolean): CanFrame[] {
    const frames: CanFrame[] = [];
    while (this.#readBlock(frames, atEnd));
    this.counters.frames += frames.length;
    return frames;
  }

  /** False when more bytes are needed. */
  #readBlock(frames: CanFrame[], atEnd: boolean): boolean {
    const { bytes } = this.#queue;
    if (bytes.length < SMALLEST_BLOCK) return false;
    const type = this.#u32(bytes, 0);
    if (type === SECTION_HEADER) this.#littleEndian = bytes.readUInt32LE(8) === BYTE_ORDER_MAGIC;
    const size = this.#u32(bytes, 4);
    const possible = size >= SMALLEST_BLOCK && size <= LARGEST_BLOCK && size % 4 === 0;
    if (possible && bytes.length < size && !atEnd) return false;
    if (!possible || bytes.length < size || this.#u32(bytes, size - 4) !== size) {
      this.#loseTrack("no block where one should begin");
      this.#queue.drop(1);
      return true;
    }
    this.#lost = false;
    const problem = this.#readBody(type, bytes.subarray(8, size - 4), frames);
    if (problem !== undefined) this.counters.discard("byte", this.#queue.offset, problem);
    this.#queue.drop(size);
    return true;
  }

  #readBody(type: number, body: Buffer, frames: CanFrame[]): string | undefined {
    switch (type) {
      case SECTION_HEADER:
        this.#interfaces = [];
        return undefined;
      case INTERFACE_DESCRIPTION:
        if (body.length < 8) return "an interface description too short";
        if (this.#interfaces.length < MOST_INTERFACES) this.#interfaces.push(this.#interface(body));
        return undefined;
      case ENHANCED_PACKET:
        return body.length < 20 ? "a packet too short for its header" : this.#readPacket(body, frames);
      default:
        return undefined;
    }
  }

  #readPacket(body: Buffer, frames: CanFrame[]): string | undefined {
    const source = this.#interfaces[this.#u32(body, 0)];
    if (source === undefined) return "a packet of an interface that was not described";
    const captured = this.#u32(body, 12);
    if (body.length < 20 + captured) return "a packet longer than its block";
    const ticks = (BigInt(this.#u32(body, 4)) << 32n) | BigInt(this.#u32(body, 8));
    const micro = Number((ticks * 1_000_000n) / source.ticksPerSecond) + source.offsetMicroseconds;
    const packet = body.subarray(20, 20 + captured);
    const time = this.#times.ms(micro);
    return addCapturedFrame(source.linkType, packet, time, source.name, this.#littleEndian, frames);
  }

  #interface(body: Buffer): Interface {
    let name = String(this.#interfaces.length);
    let ticksPerSecond = 1_000_000n;
    let offsetMicroseconds = 0;
    for (let at = 8; at + 4 <= body.length; ) {
      const code = this.#u16(body, at);
      const value = body.subarray(at + 4, at + 4 + this.#u16(body, at + 2));
      if (code === 0) break;
      if (code === IF_NAME) name = value.toString("utf8").replace(/\0+$/, "");
      else if (code === IF_TSRESOL && value.length > 0) {
        const exponent = value.readUInt8(0);
        // The highest bit chooses powers of two; an absurd exponent is not worth a huge number.
        ticksPerSecond = exponent & 0x80 ? 2n ** BigInt(exponent & 0x3f) : 10n ** BigInt(Math.min(exponent, 18));
      } else if (code === IF_TSOFFSET && value.length >= 8) {
        const seconds = this.#littleEndian ? value.readBigInt64LE(0) : value.readBigInt64BE(0);
        offsetMicroseconds = Number(seconds) * 1e6;
      }
      at += 4 + 4 * Math.ceil(this.#u16(body, at + 2) / 4);
    }
    return { linkType: this.#u16(body, 0), name, ticksPerSecond, offsetMicroseconds };
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  #u16(bytes: Buffer, at: number): number {
    return this.#littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  #loseTrack(reason: string): void {
    if (this.#lost) return;
    this.#lost = true;
    this.counters.discard("byte", this.#queue.offset, reason);
  }
}
