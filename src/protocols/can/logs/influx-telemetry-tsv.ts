import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, idProblem, MAX_STANDARD_ID } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { type LineParser, LineReader } from "./line-reader.ts";
import { hexText, idDigits, idText, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, seconds } from "./times.ts";

const COMMENT = 0x23;
const TAB = 0x09;

/** `1700000000.000013⇥0x1D4⇥8⇥F73CF600C744B020`, the recordings of the earlier Leaf telemetry system. */
export const influxTelemetryTsv: LogDialect = {
  name: "influx-telemetry-tsv",
  title: "Leaf telemetry, tab-separated (.tsv)",
  recognises: ({ text }) => /^# Timestamp\(s\)\tCAN_ID/m.test(text) || /^\d+\.\d+\t0x[\dA-F]+\t\d+\t/im.test(text),
  reader: () => new LineReader("influx-telemetry-tsv", new InfluxTelemetryParser()),
  writer: () => new LineWriter(formatter),
};

class InfluxTelemetryParser implements LineParser {
  readonly #times = new BareTimes();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    if (line.peek === COMMENT) return undefined;
    const time = line.fixed(6);
    if (Number.isNaN(time) || !line.eat(TAB)) return "no time stamp";
    line.eatWord("0x");
    const id = line.hex();
    const extended = id > MAX_STANDARD_ID;
    const problem = idProblem(id, extended);
    if (problem !== undefined) return problem;
    if (!line.eat(TAB)) return "too few columns";
    const length = line.integer();
    if (!(length <= 64)) return "no length";
    const tab = line.eat(TAB);
    const data = tab || length === 0 ? line.hexBytes(length) : undefined;
    if (data === undefined || !line.blanks().atEnd) return "data that does not fit the length";
    frames.push(dataFrame(this.#times.ms(time), id, extended, length > 8, "rx", "", data));
    return undefined;
  }
}

const formatter: LineFormatter = {
  header: () => "# Timestamp(s)\tCAN_ID\tDLC\tData\n",
  line(frame) {
    // The only sign of an extended id is its size.
    if (frame.type !== "data" || frame.fd || frame.extended !== frame.id > MAX_STANDARD_ID) return undefined;
    const id = idText(frame.id, idDigits(frame));
    return `${seconds(frame.time)}\t0x${id}\t${frame.length}\t${hexText(frame.data)}\n`;
  },
  footer: "",
};
