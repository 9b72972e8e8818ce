import { deflateSync } from "node:zlib";
import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogWriter } from "#domain/can-log.ts";
import { lengthCode } from "../frame.ts";
import * as blf from "./blf-objects.ts";
import { channelFromOne } from "./line-writer.ts";
import { microseconds } from "./times.ts";

const CONTAINER_CONTENT = 128 * 1024;
const ONE_NANOSECOND = 2;

/** Writes containers of 128 KiB each; the header gets its totals at the end. */
export class BlfWriter implements CanLogWriter {
  readonly omitted = 0;
  #start: number | undefined;
  #last = 0;
  #objects: Buffer[] = [];
  #pending = 0;
  #count = 0;
  #size = blf.FILE_HEADER_SIZE;
  #contentSize = blf.FILE_HEADER_SIZE;

  write(frames: readonly CanFrame[]): Uint8Array {
    const out: Buffer[] = [];
    for (const frame of frames) {
      if (this.#start === undefined) {
        this.#start = Math.floor(frame.time);
        out.push(this.header());
      }
      this.#last = Math.max(this.#last, frame.time);
      const object = this.#object(frame, microseconds(frame.time - this.#start));
      this.#objects.push(object);
      this.#count++;
      this.#pending += object.length;
      if (this.#pending >= CONTAINER_CONTENT) out.push(this.#container());
    }
    return Buffer.concat(out);
  }

  end(): Uint8Array {
    if (this.#start === undefined) return this.header();
    return this.#pending > 0 ? this.#container() : Buffer.alloc(0);
  }

  header(): Buffer {
    const header = Buffer.alloc(blf.FILE_HEADER_SIZE);
    header.write("LOGG", "latin1");
    header.writeUInt32LE(blf.FILE_HEADER_SIZE, 4);
    header.writeBigUInt64LE(BigInt(this.#size), 16);
    header.writeBigUInt64LE(BigInt(this.#contentSize), 24);
    header.writeUInt32LE(this.#count, 32);
    blf.writeSystemTime(header, 40, this.#start ?? 0);
    blf.writeSystemTime(header, 56, Math.ceil(this.#last));
    return header;
  }

  #container(): Buffer {
    const content = deflateSync(Buffer.concat(this.#objects));
    const size = blf.OBJECT_HEADER_SIZE + content.length;
    const container = Buffer.alloc(size + (size % 4));
    writeBase(container, blf.BASE_HEADER_SIZE, size, blf.LOG_CONTAINER);
    container.writeUInt16LE(2, 16);
    container.writeUInt32LE(this.#pending, 24);
    content.copy(container, blf.OBJECT_HEADER_SIZE);
    this.#size += container.length;
    this.#contentSize += blf.OBJECT_HEADER_SIZE + this.#pending;
    this.#objects = [];
    this.#pending = 0;
    return container;
  }

  #object(frame: CanFrame, offset: number): Buffer {
    const channel = channelFromOne(frame.channel);
    const flags = (frame.direction === "tx" ? 0x01 : 0) | (frame.type === "remote" ? 0x80 : 0);
    const id = frame.extended ? frame.id + 0x80000000 : frame.id;
    const body = blf.OBJECT_HEADER_SIZE;
    let object: Buffer;
    if (frame.type === "error") {
      object = Buffer.alloc(body + 32);
      writeBase(object, body, object.length, blf.CAN_ERROR_EXT);
      object.writeUInt16LE(channel, body);
    } else {
      object = Buffer.alloc(body + (frame.fd ? 84 : 16));
      writeBase(object, body, object.length, frame.fd ? blf.CAN_FD_MESSAGE : blf.CAN_MESSAGE);
      object.writeUInt16LE(channel, body);
      object.writeUInt8(flags, body + 2);
      object.writeUInt8(frame.fd ? lengthCode(frame.length) : frame.length, body + 3);
      object.writeUInt32LE(id, body + 4);
      if (frame.fd) {
        object.writeUInt8(0x01, body + 13);
        object.writeUInt8(frame.length, body + 14);
      }
      object.set(frame.data, body + (frame.fd ? 20 : 8));
    }
    object.writeUInt32LE(ONE_NANOSECOND, 16);
    object.writeBigInt64LE(BigInt(offset) * 1000n, 24);
    return object;
  }
}

function writeBase(object: Buffer, headerSize: number, size: number, type: number): void {
  object.write("LOBJ", "latin1");
  object.writeUInt16LE(headerSize, 4);
  object.writeUInt16LE(1, 6);
  object.writeUInt32LE(size, 8);
  object.writeUInt32LE(type, 12);
}
