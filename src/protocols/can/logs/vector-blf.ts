import { inflateSync, constants as zlib } from "node:zlib";
import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, CanLogTimeBase } from "#domain/can-log.ts";
import { dataFrame, errorFrame, idProblem, NO_DATA, remoteFrame } from "../frame.ts";
import * as blf from "./blf-objects.ts";
import { BlfWriter } from "./blf-writer.ts";
import type { LogDialect } from "./dialect.ts";
import { LogCounters } from "./log-counters.ts";
import { HeaderDate } from "./times.ts";

/** Vector's binary format: a header, then objects, most of them within compressed containers. */
export const vectorBlf: LogDialect = {
  name: "vector-blf",
  title: "Vector binary (.blf)",
  binary: true,
  recognises: ({ text }) => text.startsWith("LOGG"),
  reader: () => new BlfReader(),
  writer: () => new BlfWriter(),
};

const COMPRESSED = 2;
const LARGEST_CONTENT = 64 * 1024 * 1024;
/** Object flags: what one tick of the time stamp is. */
const TEN_MICROSECONDS = 1;

const EXTENDED = 0x80000000;
const SENT = 0x01;
const REMOTE = 0x80;
const FD = 0x01;
const REMOTE_64 = 0x10;
const FD_64 = 0x1000;

class BlfReader implements CanLogReader {
  readonly dialect = "vector-blf";
  readonly counters = new LogCounters();
  readonly #date = new HeaderDate();
  readonly #outer = new blf.BlfObjects(this.counters);
  readonly #inner = new blf.BlfObjects(this.counters);
  /** Bytes of the file's header still to come; the first ones tell. */
  #header = blf.FILE_HEADER_SIZE;
  #headerRead = false;

  get timeBase(): CanLogTimeBase {
    return this.#date.timeBase;
  }

  read(chunk: Uint8Array): CanFrame[] {
    const frames: CanFrame[] = [];
    this.#outer.queue.append(chunk);
    if (this.#readHeader()) this.#readObjects(frames);
    this.counters.frames += frames.length;
    return frames;
  }

  end(): CanFrame[] {
    const frames: CanFrame[] = [];
    const { queue } = this.#outer;
    if (!this.#headerRead) this.counters.discard("byte", 0, "the file ends within its header");
    else if (queue.length > blf.BASE_HEADER_SIZE) {
      this.counters.discard("byte", queue.offset, "the file ends within an object");
      // What there is of a last container can still be read.
      if (queue.length > blf.OBJECT_HEADER_SIZE && queue.bytes.readUInt32LE(12) === blf.LOG_CONTAINER) {
        this.#inner.queue.append(inflated(queue.bytes.subarray(blf.OBJECT_HEADER_SIZE)) ?? NO_DATA);
        this.#readFrames(frames);
      }
    } else if (this.#inner.queue.length > blf.BASE_HEADER_SIZE) {
      this.counters.discard("byte", queue.offset, "the last object goes on in a container that is missing");
    }
    queue.drop(queue.length);
    this.counters.frames += frames.length;
    return frames;
  }

  #readHeader(): boolean {
    const { queue } = this.#outer;
    if (!this.#headerRead) {
      if (queue.length < blf.FILE_HEADER_SIZE) return false;
      this.#headerRead = true;
      this.#date.set(blf.utcFromSystemTime(queue.bytes, 40));
      const size = queue.bytes.readUInt32LE(4);
      if (size >= blf.FILE_HEADER_SIZE && size <= 65_536) this.#header = size;
    }
    const skipped = Math.min(this.#header, queue.length);
    queue.drop(skipped);
    this.#header -= skipped;
    return this.#header === 0;
  }

  #readObjects(frames: CanFrame[]): void {
    for (let object = this.#outer.next(); object !== undefined; object = this.#outer.next()) {
      if (object.readUInt32LE(12) === blf.LOG_CONTAINER) this.#openContainer(object, frames);
      else this.#readFrame(object, frames);
    }
  }

  #openContainer(container: Buffer, frames: CanFrame[]): void {
    if (container.length < blf.OBJECT_HEADER_SIZE) {
      this.counters.discard("byte", this.#outer.queue.offset, "a container without content");
      return;
    }
    const content = container.subarray(blf.OBJECT_HEADER_SIZE);
    const whole = container.readUInt32LE(24);
    const objects = container.readUInt16LE(16) === COMPRESSED ? inflated(content) : content;
    if (objects !== undefined) {
      this.#inner.queue.append(objects);
      this.#readFrames(frames);
    }
    if (objects === undefined || objects.length < whole) {
      this.counters.discard("byte", this.#outer.queue.offset, "a container that is damaged");
      this.#inner.restart();
    }
  }

  #readFrames(frames: CanFrame[]): void {
    for (let object = this.#inner.next(); object !== undefined; object = this.#inner.next()) {
      this.#readFrame(object, frames);
    }
  }

  #readFrame(object: Buffer, frames: CanFrame[]): void {
    const type = object.readUInt32LE(12);
    const needed = BODY_SIZES.get(type);
    if (needed === undefined) return;
    const body = object.readUInt16LE(4);
    if (body < blf.OBJECT_HEADER_SIZE || object.length < body + needed) {
      this.counters.discard("byte", this.#outer.queue.offset, "an object that is too short for its type");
      return;
    }
    const problem = this.#addFrame(type, object, body, frames);
    if (problem !== undefined) this.counters.discard("byte", this.#outer.queue.offset, problem);
  }

  #addFrame(type: number, object: Buffer, body: number, frames: CanFrame[]): string | undefined {
    const time = this.#time(object);
    if (type === blf.CAN_ERROR || type === blf.CAN_ERROR_EXT) {
      frames.push(errorFrame(time, 0, "rx", String(object.readUInt16LE(body)), NO_DATA));
      return undefined;
    }
    if (type === blf.CAN_FD_ERROR_64) {
      frames.push(errorFrame(time, 0, "rx", String(object.readUInt8(body)), NO_DATA));
      return undefined;
    }
    const rawId = object.readUInt32LE(body + 4);
    const extended = rawId >= EXTENDED;
    const id = extended ? rawId - EXTENDED : rawId;
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    if (type === blf.CAN_FD_MESSAGE_64) return this.#addFdFrame64(time, id, extended, object, body, frames);

    const channel = String(object.readUInt16LE(body));
    const flags = object.readUInt8(body + 2);
    const direction = flags & SENT ? "tx" : "rx";
    const fdMessage = type === blf.CAN_FD_MESSAGE;
    const fd = fdMessage && (object.readUInt8(body + 13) & FD) !== 0;
    const length = fdMessage ? object.readUInt8(body + 14) : Math.min(8, object.readUInt8(body + 3));
    if (length > (fd ? 64 : 8)) return "more data than a frame can have";
    if (flags & REMOTE) {
      frames.push(remoteFrame(time, id, extended, direction, channel, length));
      return undefined;
    }
    const from = body + (fdMessage ? 20 : 8);
    if (object.length < from + length) return "less data than the length says";
    frames.push(
      dataFrame(time, id, extended, fd, direction, channel, Uint8Array.from(object.subarray(from, from + length))),
    );
    return undefined;
  }

  #addFdFrame64(
    time: number,
    id: number,
    extended: boolean,
    object: Buffer,
    body: number,
    frames: CanFrame[],
  ): string | undefined {
    const channel = String(object.readUInt8(body));
    const length = object.readUInt8(body + 2);
    const flags = object.readUInt32LE(body + 12);
    const direction = object.readUInt8(body + 34) === 0 ? "rx" : "tx";
    const fd = (flags & FD_64) !== 0;
    if (length > (fd ? 64 : 8)) return "more data than a frame can have";
    if (flags & REMOTE_64) {
      frames.push(remoteFrame(time, id, extended, direction, channel, length));
      return undefined;
    }
    const from = body + 40;
    const end = object.readUInt8(body + 35) || object.length;
    if (end < from + length || object.length < from + length) return "less data than the length says";
    frames.push(
      dataFrame(time, id, extended, fd, direction, channel, Uint8Array.from(object.subarray(from, from + length))),
    );
    return undefined;
  }

  #time(object: Buffer): number {
    const ticks = object.readUInt32LE(24) + object.readInt32LE(28) * 2 ** 32;
    return this.#date.ms(object.readUInt32LE(16) === TEN_MICROSECONDS ? ticks * 10 : Math.round(ticks / 1000));
  }
}

/** The least each type has behind its headers. */
const BODY_SIZES: ReadonlyMap<number, number> = new Map([
  [blf.CAN_MESSAGE, 8],
  [blf.CAN_MESSAGE2, 8],
  [blf.CAN_ERROR, 2],
  [blf.CAN_ERROR_EXT, 2],
  [blf.CAN_FD_MESSAGE, 20],
  [blf.CAN_FD_MESSAGE_64, 40],
  [blf.CAN_FD_ERROR_64, 2],
]);

/** As much as can be had of what was compressed, even when its end is missing; undefined when it is damaged. */
function inflated(bytes: Uint8Array): Buffer | undefined {
  try {
    return inflateSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: LARGEST_CONTENT });
  } catch {
    return undefined;
  }
}
