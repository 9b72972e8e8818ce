import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, idProblem } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { CUT_OFF, type LineParser, LineReader } from "./line-reader.ts";
import { channelNumber, hexText, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, microseconds } from "./times.ts";

const COMMA = 0x2c;
const WRAP = 2 ** 32;

/** `13,000001D4,false,Rx,0,8,F7,3C,F6,00,C7,44,B0,20,`, SavvyCAN's own format; older ones lack Dir. */
export const gvretCsv: LogDialect = {
  name: "gvret-csv",
  title: "SavvyCAN, GVRET (.csv)",
  recognises: ({ text }) =>
    /^(\uFEFF|ï»¿)?Time Stamp,ID,Extended,/im.test(text) || /^-?\d+,[\dA-F]{8},(true|false),/im.test(text),
  reader: () => new LineReader("gvret-csv", new GvretParser()),
  writer: () => new LineWriter(formatter),
};

type Column = "time" | "id" | "extended" | "dir" | "bus" | "len";
const ALL_COLUMNS: readonly Column[] = ["time", "id", "extended", "dir", "bus", "len"];
const COLUMN_NAMES: Readonly<Record<string, Column>> = {
  "time stamp": "time",
  id: "id",
  extended: "extended",
  dir: "dir",
  bus: "bus",
  len: "len",
};

class GvretParser implements LineParser {
  readonly #times = new BareTimes();
  #columns = ALL_COLUMNS;
  #wraps = 0;
  #last = Number.NaN;

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    const start = line.at;
    const first = line.blanks().peek;
    if (first !== 0x2d && !(first >= 0x30 && first <= 0x39)) return this.#header(line.text(start, line.end));
    let time = Number.NaN;
    let id = Number.NaN;
    let extended = false;
    let direction: CanFrame["direction"] = "rx";
    let channel = "";
    let length = Number.NaN;
    for (const column of this.#columns) {
      if (column !== "time" && !line.eat(COMMA)) return "too few columns";
      switch (column) {
        case "time":
          time = line.fixed(0);
          break;
        case "id":
          line.eatWord("0x");
          id = line.hex();
          break;
        case "extended":
          extended = line.eatWord("true") || line.eatWord("1");
          if (!extended && !line.eatWord("false") && !line.eatWord("0")) return "Extended is neither true nor false";
          break;
        case "dir":
          if (line.eatWord("tx")) direction = "tx";
          else if (!line.eatWord("rx")) return "Dir is neither Rx nor Tx";
          break;
        case "bus": {
          const bus = line.integer();
          if (Number.isNaN(bus)) return "no bus number";
          channel = String(bus);
          break;
        }
        case "len":
          length = line.integer();
          break;
      }
    }
    if (Number.isNaN(time)) return "no time stamp";
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    if (!(length <= 64)) return "no length";
    const data = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const byte = line.eat(COMMA) ? line.hex() : Number.NaN;
      if (!(byte <= 0xff)) return "less data than the length says";
      data[i] = byte;
    }
    if (!line.whole && line.peek !== COMMA) return CUT_OFF;
    const ms = this.#times.ms(this.#unwrapped(time));
    frames.push(dataFrame(ms, id, extended, length > 8, direction, channel, data));
    return undefined;
  }

  #header(text: string): string | undefined {
    const names = text
      .replace(/^(\uFEFF|ï»¿)/, "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim());
    const columns = names.flatMap((name) => COLUMN_NAMES[name] ?? []);
    if (columns[0] !== "time" || !columns.includes("id") || columns.at(-1) !== "len") {
      return "neither a frame nor the header";
    }
    this.#columns = columns;
    return undefined;
  }

  /**
   * The adapter counts µs in 32 bits: a jump of more than half their range is the counter starting anew, or a row from
   * before that which comes late. Smaller steps back are how these files are and stay.
   */
  #unwrapped(time: number): number {
    if (Math.abs(time) >= WRAP) return time;
    if (time < this.#last - WRAP / 2) this.#wraps++;
    else if (time > this.#last + WRAP / 2 && this.#wraps > 0) this.#wraps--;
    this.#last = time;
    return time + this.#wraps * WRAP;
  }
}

const formatter: LineFormatter = {
  header: () => "Time Stamp,ID,Extended,Dir,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8\r\n",
  line(frame) {
    if (frame.type !== "data" || frame.fd) return undefined;
    const direction = frame.direction === "tx" ? "Tx" : "Rx";
    const start = `${microseconds(frame.time)},${idText(frame.id, 8)},${frame.extended},${direction}`;
    const padding = ",00".repeat(8 - frame.data.length);
    return `${start},${channelNumber(frame.channel)},${frame.length}${hexText(frame.data, ",")}${padding},\r\n`;
  },
  footer: "",
};
