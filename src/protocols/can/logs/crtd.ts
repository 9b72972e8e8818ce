import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, idProblem } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { CUT_OFF, type LineParser, LineReader } from "./line-reader.ts";
import { channelFromOne, hexText, idDigits, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, seconds } from "./times.ts";

const LETTER_C = 0x43;
const LETTER_R = 0x52;
const LETTER_T = 0x54;

/** `1100.334004 1R11 1D4 9C 6D 00 00`, the format of OVMS; also GVRET-PC's with ids of eight digits. */
export const crtd: LogDialect = {
  name: "crtd",
  title: "OVMS CRTD (.crtd)",
  recognises: ({ text }) => /^\d+\.\d+ \d*([RT](11|29) [\dA-F]+|C[A-Z]{2} )/im.test(text),
  reader: () => new LineReader("crtd", new CrtdParser()),
  writer: () => new LineWriter(formatter),
};

class CrtdParser implements LineParser {
  readonly #times = new BareTimes();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    const time = line.blanks().fixed(6);
    if (Number.isNaN(time)) return "no time stamp";
    const bus = line.blanks().integer();
    // Comments (CXX), events (CEV) and everything else the format may come to say.
    if (line.peek === LETTER_C) return undefined;
    const sent = line.eat(LETTER_T);
    if (!sent && !line.eat(LETTER_R)) return "neither a frame nor a comment";
    const bits = line.integer();
    if (bits !== 11 && bits !== 29) return "an identifier of neither 11 nor 29 bits";
    const id = line.blanks().hex();
    const problem = idProblem(id, bits === 29);
    if (problem !== undefined) return problem;
    const length = countWords(line);
    if (length > 8) return "more data than a frame can have";
    const data = line.spacedHexBytes(length);
    if (data === undefined || !line.blanks().atEnd) return "data that is not bytes in hexadecimal";
    if (!line.whole && length < 8) return CUT_OFF;
    const channel = Number.isNaN(bus) ? "" : String(bus);
    frames.push(dataFrame(this.#times.ms(time), id, bits === 29, false, sent ? "tx" : "rx", channel, data));
    return undefined;
  }
}

/** How many fields follow; the cursor stays. */
function countWords(line: LineCursor): number {
  const { at } = line;
  let count = 0;
  while (!line.blanks().atEnd) {
    line.skipWord();
    count++;
  }
  line.at = at;
  return count;
}

const formatter: LineFormatter = {
  header: (first) => `${seconds(first.time)} CXX written by Carport\n`,
  line(frame) {
    if (frame.type !== "data" || frame.fd) return undefined;
    const bus = frame.channel === "" ? "" : channelFromOne(frame.channel);
    const kind = `${frame.direction === "tx" ? "T" : "R"}${frame.extended ? 29 : 11}`;
    return `${seconds(frame.time)} ${bus}${kind} ${idText(frame.id, idDigits(frame))}${hexText(frame.data, " ")}\n`;
  },
  footer: "",
};
