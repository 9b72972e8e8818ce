import { ByteQueue } from "./byte-queue.ts";
import type { LogCounters } from "./log-counters.ts";

/** Types of BLF objects that matter for CAN. */
export const CAN_MESSAGE = 1;
export const CAN_ERROR = 2;
export const LOG_CONTAINER = 10;
export const CAN_ERROR_EXT = 73;
export const CAN_MESSAGE2 = 86;
export const CAN_FD_MESSAGE = 100;
export const CAN_FD_MESSAGE_64 = 101;
export const CAN_FD_ERROR_64 = 104;

export const FILE_HEADER_SIZE = 144;
/** Signature, header size and version, object size, type. */
export const BASE_HEADER_SIZE = 16;
/** With flags, object version and time stamp. */
export const OBJECT_HEADER_SIZE = 32;

const SIGNATURE = "LOBJ";
/** Vector's own containers hold 128 KiB. */
const LARGEST_OBJECT = 16 * 1024 * 1024;
/** Objects are padded, by rules that differ from type to type and from program to program. */
const MOST_PADDING = 8;

/** Cuts a stream into BLF objects, wherever the pieces and the containers end. */
export class BlfObjects {
  readonly queue = new ByteQueue();
  readonly #counters: LogCounters;
  #taken = 0;
  #skipped = 0;
  #lost = false;

  constructor(counters: LogCounters) {
    this.#counters = counters;
  }

  /** The next whole object with its headers, valid until the next call; undefined until more bytes have come. */
  next(): Buffer | undefined {
    this.queue.drop(this.#taken);
    this.#taken = 0;
    for (;;) {
      const at = this.queue.bytes.indexOf(SIGNATURE, 0, "latin1");
      this.#skip(at < 0 ? Math.max(0, this.queue.length - SIGNATURE.length + 1) : at);
      if (at < 0 || this.queue.length < BASE_HEADER_SIZE) return undefined;
      const { bytes } = this.queue;
      const size = bytes.readUInt32LE(8);
      const headerSize = bytes.readUInt16LE(4);
      if (headerSize < BASE_HEADER_SIZE || size < headerSize || size > LARGEST_OBJECT) {
        this.#loseTrack("an object of impossible size");
        this.#skip(SIGNATURE.length);
        continue;
      }
      if (bytes.length < size) return undefined;
      this.#skipped = 0;
      this.#lost = false;
      this.#taken = size;
      return bytes.subarray(0, size);
    }
  }

  /** Forgets what is held and goes on at the next object: the stream has a hole here, which the caller has counted. */
  restart(): void {
    this.queue.drop(this.queue.length);
    this.#taken = 0;
    this.#lost = true;
  }

  #skip(count: number): void {
    this.queue.drop(count);
    this.#skipped += count;
    if (this.#skipped > MOST_PADDING) this.#loseTrack("no object where one should begin");
  }

  #loseTrack(reason: string): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#counters.discard("byte", this.queue.offset, reason);
  }
}

/** UTC ms of a SYSTEMTIME, which has no zone and is taken as UTC; NaN where it was left empty. */
export function utcFromSystemTime(bytes: Buffer, at: number): number {
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, i) =>
    bytes.readUInt16LE(at + 2 * i),
  );
  return year ? Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second, ms) : Number.NaN;
}

export function writeSystemTime(bytes: Buffer, at: number, ms: number): void {
  const date = new Date(ms);
  const fields = [
    ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDay(), date.getUTCDate()],
    ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()],
  ];
  for (const [i, field] of fields.entries()) bytes.writeUInt16LE(field, at + 2 * i);
}
