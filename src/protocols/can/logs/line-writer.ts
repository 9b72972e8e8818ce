import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogWriter } from "#domain/can-log.ts";

/** What is particular to writing a text dialect. */
export interface LineFormatter {
  /** Lines before the first frame. */
  header(first: CanFrame): string;
  /** With its line end; undefined when the dialect has no way to express the frame. */
  line(frame: CanFrame): string | undefined;
  /** Lines after the last frame. */
  readonly footer: string;
}

export class LineWriter implements CanLogWriter {
  omitted = 0;
  readonly #formatter: LineFormatter;
  #begun = false;

  constructor(formatter: LineFormatter) {
    this.#formatter = formatter;
  }

  write(frames: readonly CanFrame[]): Uint8Array {
    let text = "";
    for (const frame of frames) {
      if (!this.#begun) {
        text += this.#formatter.header(frame);
        this.#begun = true;
      }
      const line = this.#formatter.line(frame);
      if (line === undefined) this.omitted++;
      else text += line;
    }
    return Buffer.from(text, "latin1");
  }

  end(): Uint8Array {
    return Buffer.from(this.#begun ? this.#formatter.footer : "", "latin1");
  }
}

const HEX_BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, "0"));

/** `F73CF6`, or with a separator before each byte: ` F7 3C F6`. */
export function hexText(data: Uint8Array, before = ""): string {
  let text = "";
  for (let i = 0; i < data.length; i++) text += before + HEX_BYTES[data[i] ?? 0];
  return text;
}

/** `1D4`, `18FF50E5`: as many digits as SocketCAN's tools and most dialects tell the two formats apart by. */
export function idText(id: number, digits: number): string {
  return id.toString(16).toUpperCase().padStart(digits, "0");
}

export const idDigits = (frame: CanFrame): number => (frame.extended ? 8 : 3);

/** The number at the end of a channel's name: 1 for `can1` and for `1`; 0 without one. */
export function channelNumber(channel: string): number {
  const digits = /\d{1,3}$/.exec(channel);
  return digits === null ? 0 : Number(digits[0]);
}

/** For dialects that count from 1: `can0` becomes 1, a bare `1` stays 1. */
export function channelFromOne(channel: string): number {
  return /^\d+$/.test(channel) ? Math.max(1, channelNumber(channel)) : channelNumber(channel) + 1;
}

/** For SocketCAN's dialects, whose channels are interfaces: a bare `1` becomes `can1`. */
export function interfaceName(channel: string): string {
  return /^[^\s\d]\S*$/.test(channel) ? channel : `can${channelNumber(channel)}`;
}
