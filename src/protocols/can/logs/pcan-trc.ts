import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogTimeBase } from "#domain/can-log.ts";
import { dataFrame, errorFrame, FD_LENGTHS, idProblem, lengthCode, NO_DATA, remoteFrame } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { type LineParser, LineReader } from "./line-reader.ts";
import { channelFromOne, hexText, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { daysFromUtc, HeaderDate, microseconds, utcFromDays } from "./times.ts";

const CLOSE = 0x29;
const COMMENT = 0x3b;

/** PEAK-System's traces, versions 1.0 to 2.1: `1)  1059.9  Rx  0300  7  00 …`, `1  0.013 DT 1  01D4 Rx - 8  F7 3C …` */
export const pcanTrc: LogDialect = {
  name: "pcan-trc",
  title: "PCAN trace (.trc)",
  recognises: ({ text }) =>
    /^;\$FILEVERSION=\d/im.test(text) || /^\s*\d+\)\s+\d+(\.\d+)?\s+(\d+\s+)?(Rx\s+|Tx\s+)?[\dA-F]{4,8}\s/im.test(text),
  reader: () => new LineReader("pcan-trc", new TrcParser()),
  writer: () => new LineWriter(new TrcFormatter()),
};

/**
 * PEAK's letters for its columns: N number, O time offset in ms, T type, B bus, I identifier, d direction, R reserved,
 * l length, L length code, D data. Files of version 2 name theirs in the header; those before have these.
 */
const COLUMNS: Readonly<Record<string, string>> = {
  "1.0": "NOIlD",
  "1.1": "NOTIlD",
  "1.2": "NOBTIlD",
  "1.3": "NOBTIRlD",
  "2.0": "NOTIdlD",
  "2.1": "NOTBIdRLD",
};

class TrcParser implements LineParser {
  readonly #date = new HeaderDate();
  #columns = "NOIlD";

  get timeBase(): CanLogTimeBase {
    return this.#date.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    if (line.blanks().peek === COMMENT) {
      this.#header(line.rest());
      return undefined;
    }
    if (line.atEnd) return undefined;
    let time = Number.NaN;
    let kind = "dt";
    let channel = "";
    let id = Number.NaN;
    let extended = false;
    let direction: CanFrame["direction"] = "rx";
    let length = Number.NaN;
    for (let i = 0; i < this.#columns.length; i++) {
      line.blanks();
      switch (this.#columns.charCodeAt(i)) {
        case 0x4e: // N
          if (Number.isNaN(line.integer())) return "no message number";
          line.eat(CLOSE);
          break;
        case 0x4f: // O
          time = line.fixed(3);
          if (Number.isNaN(time)) return "no time offset";
          break;
        case 0x54: // T
          kind = line.word().toLowerCase();
          if (kind === "rx" || kind === "tx") {
            direction = kind;
            kind = "dt";
          } else if (NO_FRAMES.has(kind)) return undefined;
          break;
        case 0x42: {
          // B
          const bus = line.integer();
          if (Number.isNaN(bus)) return "no bus number";
          channel = String(bus);
          break;
        }
        case 0x49: // I
          if (kind === "er" || kind === "error") {
            frames.push(errorFrame(this.#date.ms(time), 0, "rx", channel, NO_DATA));
            return undefined;
          }
          id = line.hex();
          extended = line.digits > 4;
          if (extended && id === 0xffffffff) return undefined; // A warning about the bus.
          break;
        case 0x64: // d
          if (line.eatWord("tx")) direction = "tx";
          else if (!line.eatWord("rx")) return "neither Rx nor Tx";
          break;
        case 0x52: // R
          line.skipWord();
          break;
        case 0x6c: // l
          length = line.integer();
          break;
        case 0x4c: // L
          length = FD_LENGTHS[line.integer()] ?? Number.NaN;
          break;
        default:
          break;
      }
    }
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    const fd = FD_KINDS.has(kind);
    if (!fd && kind !== "dt" && kind !== "rr") return "an unknown type of message";
    if (!(length <= (fd ? 64 : 8))) return "no length";
    const ms = this.#date.ms(time);
    if (kind === "rr" || line.eatWord("rtr")) {
      frames.push(remoteFrame(ms, id, extended, direction, channel, length));
      return undefined;
    }
    if (line.eatWord("error")) {
      frames.push(errorFrame(ms, 0, direction, channel, NO_DATA));
      return undefined;
    }
    const data = line.spacedHexBytes(length);
    if (data === undefined) return "less data than the length says";
    frames.push(dataFrame(ms, id, extended, fd, direction, channel, data));
    return undefined;
  }

  #header(text: string): void {
    const setting = /^;\$(\w+)=(.*)/.exec(text);
    const value = setting?.[2]?.trim() ?? "";
    switch (setting?.[1]?.toUpperCase()) {
      case "FILEVERSION":
        this.#columns = COLUMNS[value.slice(0, 3)] ?? this.#columns;
        break;
      case "STARTTIME":
        this.#date.set(utcFromDays(value));
        break;
      case "COLUMNS":
        this.#columns = value.replaceAll(/[^A-Za-z]/g, "");
        break;
      default:
        break;
    }
  }
}

/** Warnings, hardware status, error counters and the user's own marks. */
const NO_FRAMES = new Set(["warng", "st", "ec", "ev"]);
/** CAN FD: plain, with bit rate switch, with error state, with both. */
const FD_KINDS = new Set(["fd", "fb", "fe", "fi"]);

class TrcFormatter implements LineFormatter {
  readonly footer = "";
  #start = 0;
  #number = 0;

  header(first: CanFrame): string {
    this.#start = Math.floor(first.time);
    return (
      `;$FILEVERSION=2.1\n;$STARTTIME=${daysFromUtc(this.#start)}\n;$COLUMNS=N,O,T,B,I,d,R,L,D\n;\n` +
      `;   Start time: ${new Date(this.#start).toISOString()}\n;   Generated by Carport\n`
    );
  }

  line(frame: CanFrame): string {
    this.#number++;
    const offset = (microseconds(frame.time - this.#start) / 1000).toFixed(3).padStart(13);
    const bus = String(channelFromOne(frame.channel)).padEnd(2);
    const start = `${String(this.#number).padStart(7)} ${offset}`;
    const direction = frame.direction === "tx" ? "Tx" : "Rx";
    if (frame.type === "error") return `${start} ER ${bus}        - ${direction} -  0\n`;
    const kind = frame.type === "remote" ? "RR" : frame.fd ? "FD" : "DT";
    const id = idText(frame.id, frame.extended ? 8 : 4).padStart(8);
    const code = String(lengthCode(frame.length)).padEnd(2);
    return `${start} ${kind} ${bus} ${id} ${direction} -  ${code}  ${hexText(frame.data, " ").trimStart()}\n`;
  }
}
