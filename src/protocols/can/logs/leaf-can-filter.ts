import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, idProblem, MAX_STANDARD_ID } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { type LineParser, LineReader } from "./line-reader.ts";
import { hexText, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, seconds } from "./times.ts";

/** `0000.000251 000001DC 8 3D C2 02 7D E1 09 05 31`, what the leaf_can_filter adapter records. */
export const leafCanFilter: LogDialect = {
  name: "leaf-can-filter",
  title: "leaf_can_filter (.csv)",
  recognises: ({ text }) => /^\d{4,}\.\d{6} [\dA-F]{8} \d( [\dA-F]{2})*\s*$/im.test(text),
  reader: () => new LineReader("leaf-can-filter", new LeafCanFilterParser()),
  writer: () => new LineWriter(formatter),
};

class LeafCanFilterParser implements LineParser {
  readonly #times = new BareTimes();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    const time = line.blanks().fixed(6);
    if (Number.isNaN(time)) return "no time stamp";
    const id = line.blanks().hex();
    const extended = id > MAX_STANDARD_ID;
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    const length = line.blanks().integer();
    if (!(length <= 8)) return "no length";
    const data = line.spacedHexBytes(length);
    if (data === undefined || !line.blanks().atEnd) return "data that does not fit the length";
    frames.push(dataFrame(this.#times.ms(time), id, extended, false, "rx", "", data));
    return undefined;
  }
}

const formatter: LineFormatter = {
  header: () => "",
  line(frame) {
    // The only sign of an extended id is its size, and there is no time before the start.
    if (frame.type !== "data" || frame.fd || frame.extended !== frame.id > MAX_STANDARD_ID) return undefined;
    if (frame.time < 0) return undefined;
    const time = seconds(frame.time).padStart(11, "0");
    return `${time} ${idText(frame.id, 8)} ${frame.length}${hexText(frame.data, " ")}\r\n`;
  },
  footer: "",
};
