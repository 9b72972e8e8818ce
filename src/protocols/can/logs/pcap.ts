import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, CanLogTimeBase, CanLogWriter } from "#domain/can-log.ts";
import { ByteQueue } from "./byte-queue.ts";
import { addCapturedFrame, capturedFrame, LINK_CAN_SOCKETCAN } from "./captured-frame.ts";
import type { LogDialect } from "./dialect.ts";
import { LogCounters } from "./log-counters.ts";
import { BareTimes, microseconds } from "./times.ts";

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER_SIZE = 24;
const RECORD_HEADER_SIZE = 16;
/** libpcap's own limit. */
const LONGEST_PACKET = 262_144;
const ONE_DAY = 86_400;

/** Captures of tcpdump and Wireshark from a CAN interface: link type 227, or cooked (113, 276). */
export const pcap: LogDialect = {
  name: "pcap",
  title: "tcpdump, Wireshark (.pcap)",
  binary: true,
  recognises: ({ bytes }) => byteOrder(bytes) !== undefined,
  reader: () => new PcapReader(),
  writer: () => new PcapWriter(),
};

interface ByteOrder {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

function byteOrder(bytes: Uint8Array): ByteOrder | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MICROSECONDS || magic === NANOSECONDS) return { littleEndian, nanoseconds: magic === NANOSECONDS };
  }
  return undefined;
}

class PcapReader implements CanLogReader {
  readonly dialect = "pcap";
  readonly counters = new LogCounters();
  readonly #times = new BareTimes();
  readonly #queue = new ByteQueue();
  #order: ByteOrder | undefined;
  #linkType = 0;
  #lost = false;
  #lastSeconds = 0;

  get timeBase(): CanLogTimeBase {
    return this.#times.timeBase;
  }

  read(chunk: Uint8Array): CanFrame[] {
    this.#queue.append(chunk);
    return this.#read(false);
  }

  end(): CanFrame[] {
    const frames = this.#read(true);
    if (this.#queue.length > 0) this.#loseTrack("the file ends within a record");
    this.#queue.drop(this.#queue.length);
    return frames;
  }

  #read(atEnd: boolean): CanFrame[] {
    const frames: CanFrame[] = [];
    if (this.#readHeader()) while (this.#readRecord(frames, atEnd));
    this.counters.frames += frames.length;
    return frames;
  }

  #readHeader(): boolean {
    if (this.#order !== undefined) return true;
    const { bytes } = this.#queue;
    if (bytes.length < FILE_HEADER_SIZE) return false;
    this.#order = byteOrder(bytes) ?? { littleEndian: true, nanoseconds: false };
    const network = this.#order.littleEndian ? bytes.readUInt32LE(20) : bytes.readUInt32BE(20);
    this.#linkType = network & 0xffff;
    this.#queue.drop(FILE_HEADER_SIZE);
    return true;
  }

  /** False when more bytes are needed. */
  #readRecord(frames: CanFrame[], atEnd: boolean): boolean {
    const { bytes } = this.#queue;
    if (bytes.length < RECORD_HEADER_SIZE || this.#order === undefined) return false;
    const { littleEndian, nanoseconds } = this.#order;
    const seconds = littleEndian ? bytes.readUInt32LE(0) : bytes.readUInt32BE(0);
    const fraction = littleEndian ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
    const captured = littleEndian ? bytes.readUInt32LE(8) : bytes.readUInt32BE(8);
    const original = littleEndian ? bytes.readUInt32LE(12) : bytes.readUInt32BE(12);
    const size = RECORD_HEADER_SIZE + captured;
    if (
      captured > Math.min(LONGEST_PACKET, original) ||
      fraction >= (nanoseconds ? 1e9 : 1e6) ||
      // A clock may jump, but what is found while searching must fit what was before.
      (this.#lost && (captured === 0 || Math.abs(seconds - this.#lastSeconds) > ONE_DAY)) ||
      (atEnd && bytes.length < size && bytes.length > 2 * RECORD_HEADER_SIZE + 64)
    ) {
      this.#loseTrack("no record where one should begin");
      this.#queue.drop(1);
      return true;
    }
    if (bytes.length < size) return false;
    const micro = seconds * 1e6 + (nanoseconds ? Math.floor(fraction / 1000) : fraction);
    const packet = bytes.subarray(RECORD_HEADER_SIZE, size);
    const problem = addCapturedFrame(this.#linkType, packet, this.#times.ms(micro), "", littleEndian, frames);
    if (problem !== undefined) this.counters.discard("byte", this.#queue.offset, problem);
    this.#lost = false;
    this.#lastSeconds = seconds;
    this.#queue.drop(size);
    return true;
  }

  #loseTrack(reason: string): void {
    if (this.#lost) return;
    this.#lost = true;
    this.counters.discard("byte", this.#queue.offset, reason);
  }
}

class PcapWriter implements CanLogWriter {
  readonly omitted = 0;
  #begun = false;

  write(frames: readonly CanFrame[]): Uint8Array {
    const out: Buffer[] = [];
    if (!this.#begun) {
      const header = Buffer.alloc(FILE_HEADER_SIZE);
      header.writeUInt32LE(MICROSECONDS, 0);
      header.writeUInt16LE(2, 4);
      header.writeUInt16LE(4, 6);
      header.writeUInt32LE(LONGEST_PACKET, 16);
      header.writeUInt32LE(LINK_CAN_SOCKETCAN, 20);
      out.push(header);
      this.#begun = true;
    }
    for (const frame of frames) {
      const packet = capturedFrame(frame);
      // Seconds are unsigned here: a recording's own time before its start becomes the start.
      const time = Math.max(0, microseconds(frame.time));
      const header = Buffer.alloc(RECORD_HEADER_SIZE);
      header.writeUInt32LE(Math.floor(time / 1e6), 0);
      header.writeUInt32LE(time % 1e6, 4);
      header.writeUInt32LE(packet.length, 8);
      header.writeUInt32LE(packet.length, 12);
      out.push(header, packet);
    }
    return Buffer.concat(out);
  }

  end(): Uint8Array {
    return Buffer.alloc(0);
  }
}
