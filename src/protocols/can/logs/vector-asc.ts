import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogTimeBase } from "#domain/can-log.ts";
import { dataFrame, errorFrame, idProblem, lengthCode, NO_DATA, remoteFrame } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { CUT_OFF, type LineParser, LineReader } from "./line-reader.ts";
import { channelFromOne, hexText, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { HeaderDate, seconds } from "./times.ts";
import { ascDate, utcFromAscDate } from "./vector-asc-date.ts";

const LETTER_D = 0x64;
const LETTER_R = 0x72;
const LETTER_X = 0x78;
/** Of the flags at the end of a CANFD line. */
const FD_FLAG = 0x1000;
const REMOTE_FLAG = 0x10;

/** ` 0.000013 1  1D4             Rx   d 8 F7 3C F6 00 C7 44 B0 20` below a header with date, base and kind of times. */
export const vectorAsc: LogDialect = {
  name: "vector-asc",
  title: "Vector ASCII (.asc)",
  recognises: ({ text }) =>
    /^base\s+(hex|dec)\b/im.test(text) || /^\s*\d+\.\d+\s+(CANFD\s+)?\d+\s+[\dA-F]+x?\s+[RT]x\s+[dr01]/im.test(text),
  reader: () => new LineReader("vector-asc", new AscParser()),
  writer: () => new LineWriter(new AscFormatter()),
};

class AscParser implements LineParser {
  readonly #date = new HeaderDate();
  #decimal = false;
  #relative = false;
  #elapsed = 0;

  get timeBase(): CanLogTimeBase {
    return this.#date.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    const stamp = line.blanks().fixed(6);
    if (Number.isNaN(stamp)) return this.#header(line.rest());
    this.#elapsed = this.#relative ? this.#elapsed + stamp : stamp;
    const fd = line.blanks().eatWord("canfd ");
    const channelNumber = line.blanks().integer();
    // `Start of measurement`, `CAN 1 Status:`, `Log Trigger Event`, other buses.
    if (Number.isNaN(channelNumber)) return undefined;
    const channel = String(channelNumber);
    const time = this.#date.ms(this.#elapsed);
    line.blanks();
    return fd ? this.#fdFrame(line, time, channel, frames) : this.#classicalFrame(line, time, channel, frames);
  }

  /** `1D4 Rx d 8 F7 3C …`, `1D4x Tx r 8`, `ErrorFrame …` */
  #classicalFrame(line: LineCursor, time: number, channel: string, frames: CanFrame[]): string | undefined {
    if (line.eatWord("errorframe")) {
      frames.push(errorFrame(time, 0, "rx", channel, NO_DATA));
      return undefined;
    }
    const id = this.#number(line);
    const extended = line.eat(LETTER_X);
    if (Number.isNaN(id) || !line.atFieldEnd) return eventOrProblem(line);
    const sent = line.blanks().eatWord("tx ");
    // `TxRq` announces a frame that follows as `Tx` once it is on the bus.
    if (!sent && !line.eatWord("rx ")) return line.eatWord("txrq") ? undefined : "neither Rx nor Tx";
    const direction = sent ? "tx" : "rx";
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    const remote = line.blanks().eat(LETTER_R);
    if (!remote && !line.eat(LETTER_D)) return "neither data nor remote";
    const code = line.blanks().hexDigit();
    if (code < 0 && !(remote && line.whole)) return "no length";
    if (remote) {
      frames.push(remoteFrame(time, id, extended, direction, channel, Math.min(8, Math.max(0, code))));
      return undefined;
    }
    const data = this.#bytes(line, Math.min(8, code));
    if (data === undefined) return "less data than the length says";
    frames.push(dataFrame(time, id, extended, false, direction, channel, data));
    return undefined;
  }

  /** `Rx 1D4 [name] 1 0 9 12 F7 3C … duration length flags …`: bit rate switch, error state, length code, length. */
  #fdFrame(line: LineCursor, time: number, channel: string, frames: CanFrame[]): string | undefined {
    const sent = line.eatWord("tx ");
    if (!sent && !line.eatWord("rx ")) return "neither Rx nor Tx";
    const direction = sent ? "tx" : "rx";
    if (line.blanks().eatWord("errorframe")) {
      frames.push(errorFrame(time, 0, direction, channel, NO_DATA));
      return undefined;
    }
    const id = this.#number(line);
    const extended = line.eat(LETTER_X);
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    if (!line.blanks().eatWord("0 ") && !line.eatWord("1 ")) {
      line.skipWord();
      if (!line.blanks().eatWord("0 ") && !line.eatWord("1 ")) return "no bit rate switch";
    }
    line.blanks().skipWord();
    line.blanks().skipWord();
    const length = line.blanks().integer();
    if (!(length <= 64)) return "no length";
    const data = this.#bytes(line, length);
    if (data === undefined) return "less data than the length says";
    if (!line.whole) return CUT_OFF;
    line.blanks().skipWord();
    line.blanks().skipWord();
    const flags = line.blanks().hex();
    // Loggers that leave the flags out write CAN FD frames only; others put classical ones on such lines as well.
    const flagged = line.digits > 0 && line.atFieldEnd;
    const fd = !flagged || (flags & FD_FLAG) !== 0;
    if (!fd && length > 8) return "more data than a frame can have";
    if (flagged && (flags & REMOTE_FLAG) !== 0)
      frames.push(remoteFrame(time, id, extended, direction, channel, length));
    else frames.push(dataFrame(time, id, extended, fd, direction, channel, data));
    return undefined;
  }

  #number(line: LineCursor): number {
    return this.#decimal ? line.integer() : line.hex();
  }

  #bytes(line: LineCursor, count: number): Uint8Array | undefined {
    if (!this.#decimal) return line.spacedHexBytes(count);
    const data = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const byte = line.blanks().integer();
      if (!(byte <= 0xff)) return undefined;
      data[i] = byte;
    }
    return line.whole || !line.atEnd ? data : undefined;
  }

  #header(text: string): string | undefined {
    const words = text.toLowerCase();
    if (words.startsWith("base")) {
      this.#decimal = /^base\s+dec/.test(words);
      this.#relative = /timestamps\s+relative/.test(words);
    } else if (words.startsWith("date ")) this.#date.set(utcFromAscDate(words.slice(5)));
    // What starts the frames is nearer to them than the date above, which some programs take when they save.
    else if (words.startsWith("begin triggerblock")) this.#date.setFirst(utcFromAscDate(words.slice(18)));
    else if (!/^(\/\/|#|no |internal|end |previous|measurement|version)/.test(words) && words !== "") {
      return "neither a frame nor a header";
    }
    return undefined;
  }
}

/** `1  Statistic: D 0 R 0 …` is an event; `1  EngineData  Rx d 8 …` a frame whose identifier was left out for its name. */
function eventOrProblem(line: LineCursor): string | undefined {
  line.skipWord();
  const frame = line.blanks().eatWord("rx ") || line.eatWord("tx ");
  return frame ? "an identifier by name: save the recording with numeric ones" : undefined;
}

class AscFormatter implements LineFormatter {
  readonly footer = "End TriggerBlock\n";
  #start = 0;

  header(first: CanFrame): string {
    this.#start = Math.floor(first.time);
    const date = ascDate(this.#start);
    return (
      `date ${date}\nbase hex  timestamps absolute\ninternal events logged\n` +
      `Begin Triggerblock ${date}\n   0.000000 Start of measurement\n`
    );
  }

  line(frame: CanFrame): string {
    const time = seconds(frame.time - this.#start).padStart(11);
    const channel = channelFromOne(frame.channel);
    if (frame.type === "error") return `${time} ${channel}  ErrorFrame\n`;
    const id = `${idText(frame.id, 1)}${frame.extended ? "x" : ""}`;
    const direction = frame.direction === "tx" ? "Tx" : "Rx";
    if (frame.fd) {
      const code = lengthCode(frame.length).toString(16);
      const size = `0 0 ${code} ${String(frame.length).padStart(2)}${hexText(frame.data, " ")}`;
      return `${time} CANFD ${String(channel).padStart(3)} ${direction}   ${id.padEnd(10)} ${size} 0 0 1000 0 0 0 0 0\n`;
    }
    const data = frame.type === "remote" ? `r ${frame.length}` : `d ${frame.length}${hexText(frame.data, " ")}`;
    return `${time} ${channel}  ${id.padEnd(15)} ${direction}   ${data}\n`;
  }
}
