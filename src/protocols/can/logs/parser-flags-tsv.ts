import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, idProblem, MAX_STANDARD_ID } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { type LineParser, LineReader } from "./line-reader.ts";
import { channelNumber, hexText, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, microseconds } from "./times.ts";

const TAB = 0x09;

/** Tab-separated columns ParserFlags, Ch, Counter, T/R, Time (ms), Flags, CAN ID, Len, Data, Parser Name, as in EV-CANlogs. */
export const parserFlagsTsv: LogDialect = {
  name: "parser-flags-tsv",
  title: 'tab-separated, first column "ParserFlags" (.txt, .tsv)',
  recognises: ({ text }) =>
    /^ParserFlags\tCh\t/m.test(text) || /^\d+\t\d+\t\d+\t[RT]X\t[\d.]+\t[^\t]*\t0x[\dA-F]{8}\t/im.test(text),
  reader: () => new LineReader("parser-flags-tsv", new ParserFlagsParser()),
  writer: () => new LineWriter(new ParserFlagsFormatter()),
};

class ParserFlagsParser implements LineParser {
  readonly #times = new BareTimes();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    if (line.eatWord("parserflags\t")) return undefined;
    line.skipPast(TAB);
    const channel = line.integer();
    line.skipPast(TAB);
    line.skipPast(TAB);
    const sent = line.eatWord("tx");
    if (!sent && !line.eatWord("rx")) return "T/R is neither RX nor TX";
    if (!line.eat(TAB)) return "too few columns";
    const time = line.fixed(3);
    if (Number.isNaN(time) || !line.eat(TAB)) return "no time stamp";
    line.skipPast(TAB);
    line.eatWord("0x");
    const id = line.hex();
    const extended = id > MAX_STANDARD_ID;
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    if (!line.eat(TAB)) return "too few columns";
    const length = line.integer();
    if (!(length <= 64) || !line.eat(TAB)) return "no length";
    line.eatWord("0x");
    const data = line.spacedHexBytes(length);
    if (data === undefined) return "less data than the length says";
    const bus = Number.isNaN(channel) ? "" : String(channel);
    frames.push(dataFrame(this.#times.ms(time), id, extended, length > 8, sent ? "tx" : "rx", bus, data));
    return undefined;
  }
}

class ParserFlagsFormatter implements LineFormatter {
  readonly footer = "";
  #counter = 0;

  header(): string {
    return "ParserFlags\tCh\tCounter\tT/R\tTime\tFlags\tCAN ID\tLen\tData\tParser Name\tdefault\n";
  }

  line(frame: CanFrame): string | undefined {
    // The only sign of an extended id is its size.
    if (frame.type !== "data" || frame.fd || frame.extended !== frame.id > MAX_STANDARD_ID) return undefined;
    this.#counter++;
    const direction = frame.direction === "tx" ? "TX" : "RX";
    const start = `1\t${channelNumber(frame.channel)}\t${this.#counter}\t${direction}\t${microseconds(frame.time) / 1000}`;
    const data = `0x${hexText(frame.data, " ").trimStart().toLowerCase()} `;
    return `${start}\t\t0x${idText(frame.id, 8).toLowerCase()}\t${frame.length}\t${data}\tDefault Parser\t\n`;
  }
}
