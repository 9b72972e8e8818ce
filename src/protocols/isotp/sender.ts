import {
  CONSECUTIVE_FRAME,
  CONTINUE_TO_SEND,
  FIRST_FRAME,
  FLOW_CONTROL,
  frameKind,
  MAX_LENGTH,
  TIMEOUT_MS,
  WAIT,
} from "./pci.ts";

/** Waits a receiver may ask for in a row (N_WFTmax). */
const MAX_WAITS = 10;

export type IsoTpSenderState = "idle" | "sending" | "waiting" | "done" | "failed";

/**
 * Cuts one message at a time into frames of 8 bytes, padded with zeros (ISO 15765-2), and honours the receiver's flow
 * control: block size, separation time, wait, overflow. Sends nothing itself: `next` gives the frame that may leave now.
 */
export class IsoTpSender {
  #message: Uint8Array = new Uint8Array(0);
  #sent = 0;
  #sequence = 0;
  #state: IsoTpSenderState = "idle";
  #dueAt = 0;
  #deadline = 0;
  #leftInBlock = 0;
  #separationMs = 0;
  #waits = 0;

  /** `waiting` is for the receiver's flow control; `failed` after a time-out, an overflow or too many waits. */
  get state(): IsoTpSenderState {
    return this.#state;
  }

  /** When `next` has the next frame, in ms of the given clock; undefined when it waits for the receiver or has none. */
  get dueAt(): number | undefined {
    return this.#state === "sending" ? this.#dueAt : undefined;
  }

  /** Begins a message of 1 to 4095 bytes; one that was not finished is given up. Throws a RangeError on any other length. */
  start(message: Uint8Array, time: number): void {
    if (message.length === 0 || message.length > MAX_LENGTH) {
      throw new RangeError(`an ISO-TP message has 1 to ${MAX_LENGTH} bytes, not ${message.length}`);
    }
    this.#message = message;
    this.#sent = 0;
    this.#sequence = 1;
    this.#state = "sending";
    this.#dueAt = time;
    this.#waits = 0;
  }

  /** The frame to send now, or undefined: nothing to send, too early, or the receiver has to speak first. */
  next(time: number): Uint8Array | undefined {
    if (this.#state === "waiting" && time > this.#deadline) this.#state = "failed";
    if (this.#state !== "sending" || time < this.#dueAt) return undefined;
    if (this.#sent > 0) return this.#consecutive(time);
    return this.#message.length <= 7 ? this.#single() : this.#first(time);
  }

  /** A frame from the receiver; anything but flow control is ignored, as is flow control out of turn. */
  accept(data: Uint8Array, time: number): void {
    if (this.#state !== "waiting" || frameKind(data) !== FLOW_CONTROL || data.length < 3) return;
    switch ((data[0] ?? 0) & 15) {
      case CONTINUE_TO_SEND:
        this.#leftInBlock = (data[1] ?? 0) || Number.POSITIVE_INFINITY;
        this.#separationMs = separation(data[2] ?? 0);
        this.#waits = 0;
        this.#dueAt = time;
        this.#state = "sending";
        return;
      case WAIT:
        if (++this.#waits > MAX_WAITS) this.#state = "failed";
        else this.#deadline = time + TIMEOUT_MS;
        return;
      default:
        this.#state = "failed";
    }
  }

  #single(): Uint8Array {
    const frame = new Uint8Array(8);
    frame[0] = this.#message.length;
    frame.set(this.#message, 1);
    this.#state = "done";
    return frame;
  }

  #first(time: number): Uint8Array {
    const frame = new Uint8Array(8);
    frame[0] = (FIRST_FRAME << 4) | (this.#message.length >> 8);
    frame[1] = this.#message.length & 0xff;
    frame.set(this.#message.subarray(0, 6), 2);
    this.#sent = 6;
    this.#await(time);
    return frame;
  }

  #consecutive(time: number): Uint8Array {
    const frame = new Uint8Array(8);
    frame[0] = (CONSECUTIVE_FRAME << 4) | this.#sequence;
    frame.set(this.#message.subarray(this.#sent, this.#sent + 7), 1);
    this.#sent += 7;
    this.#sequence = (this.#sequence + 1) & 15;
    this.#dueAt = time + this.#separationMs;
    this.#leftInBlock--;
    if (this.#sent >= this.#message.length) this.#state = "done";
    else if (this.#leftInBlock === 0) this.#await(time);
    return frame;
  }

  #await(time: number): void {
    this.#state = "waiting";
    this.#deadline = time + TIMEOUT_MS;
  }
}

/** Separation time in ms: 0 to 127 as such, F1 to F9 are 100 to 900 µs, all else is reserved and means the longest. */
function separation(code: number): number {
  if (code <= 0x7f) return code;
  return code >= 0xf1 && code <= 0xf9 ? (code - 0xf0) / 10 : 127;
}
