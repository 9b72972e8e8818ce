import {
  CONSECUTIVE_FRAME,
  CONTINUE_TO_SEND,
  FIRST_FRAME,
  FLOW_CONTROL,
  frameKind,
  MAX_LENGTH,
  SINGLE_FRAME,
  TIMEOUT_MS,
} from "./pci.ts";

/** What a receiver saw since it was made. */
export interface IsoTpReceiverCounters {
  readonly messages: number;
  /** Messages begun and not completed: a frame was lost, came too late, or another message began. */
  readonly dropped: number;
  /** Frames that are no ISO-TP, or belong to no message. */
  readonly ignored: number;
}

/**
 * Puts the messages of one CAN id together again (ISO 15765-2). Only listens: where this side is the tester, `flowControl`
 * is what to send after a first frame and after each block. Any bytes are fine; time is given in ms.
 */
export class IsoTpReceiver {
  readonly #blockSize: number;
  readonly #flowControl: Uint8Array;
  #message: Uint8Array | undefined;
  #received = 0;
  #sequence = 0;
  #deadline = 0;
  #inBlock = 0;
  #flowControlDue = false;
  #messages = 0;
  #dropped = 0;
  #ignored = 0;

  /** `blockSize`: consecutive frames between two flow controls, 0 for all. `separationMs`: pause wanted between them, 0 to 127. */
  constructor({ blockSize = 0, separationMs = 0 } = {}) {
    this.#blockSize = blockSize;
    this.#flowControl = Uint8Array.of((FLOW_CONTROL << 4) | CONTINUE_TO_SEND, blockSize, separationMs, 0, 0, 0, 0, 0);
  }

  get counters(): IsoTpReceiverCounters {
    return { messages: this.#messages, dropped: this.#dropped, ignored: this.#ignored };
  }

  /** The flow control frame to send now, once; undefined when none is due. */
  takeFlowControl(): Uint8Array | undefined {
    if (!this.#flowControlDue) return undefined;
    this.#flowControlDue = false;
    return this.#flowControl.slice();
  }

  /** The message that this frame completes, or undefined. */
  accept(data: Uint8Array, time: number): Uint8Array | undefined {
    this.expire(time);
    switch (frameKind(data)) {
      case SINGLE_FRAME:
        return this.#single(data);
      case FIRST_FRAME:
        this.#first(data, time);
        return undefined;
      case CONSECUTIVE_FRAME:
        return this.#consecutive(data, time);
      default:
        this.#ignored++;
        return undefined;
    }
  }

  /** Gives up a message whose next frame has not come in time. */
  expire(time: number): void {
    if (this.#message !== undefined && time > this.#deadline) this.#drop();
  }

  #single(data: Uint8Array): Uint8Array | undefined {
    const length = (data[0] ?? 0) & 15;
    if (length === 0 || length > 7 || length >= data.length) {
      this.#ignored++;
      return undefined;
    }
    this.#drop();
    this.#messages++;
    return data.slice(1, 1 + length);
  }

  #first(data: Uint8Array, time: number): void {
    const length = (((data[0] ?? 0) & 15) << 8) | (data[1] ?? 0);
    if (data.length !== 8 || length < 8 || length > MAX_LENGTH) {
      this.#ignored++;
      return;
    }
    this.#drop();
    this.#message = new Uint8Array(length);
    this.#message.set(data.subarray(2));
    this.#received = 6;
    this.#sequence = 1;
    this.#deadline = time + TIMEOUT_MS;
    this.#inBlock = 0;
    this.#flowControlDue = true;
  }

  #consecutive(data: Uint8Array, time: number): Uint8Array | undefined {
    const message = this.#message;
    if (message === undefined) {
      this.#ignored++;
      return undefined;
    }
    const expected = Math.min(7, message.length - this.#received);
    if (((data[0] ?? 0) & 15) !== this.#sequence || data.length <= expected) {
      this.#drop();
      return undefined;
    }
    message.set(data.subarray(1, 1 + expected), this.#received);
    this.#received += expected;
    this.#sequence = (this.#sequence + 1) & 15;
    this.#deadline = time + TIMEOUT_MS;
    if (this.#received < message.length) {
      this.#inBlock++;
      if (this.#inBlock === this.#blockSize) {
        this.#inBlock = 0;
        this.#flowControlDue = true;
      }
      return undefined;
    }
    this.#message = undefined;
    this.#flowControlDue = false;
    this.#messages++;
    return message;
  }

  #drop(): void {
    if (this.#message !== undefined) this.#dropped++;
    this.#message = undefined;
    this.#flowControlDue = false;
  }
}
