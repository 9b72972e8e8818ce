import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, errorFrame, idProblem, remoteFrame } from "../frame.ts";
import { ChannelNames } from "./channel-names.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { CUT_OFF, type LineParser, LineReader } from "./line-reader.ts";
import { hexText, idDigits, idText, interfaceName, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, seconds } from "./times.ts";

const HASH = 0x23;
const OPEN = 0x28;
const CLOSE = 0x29;
const UNDERSCORE = 0x5f;
const LETTER_R = 0x52;
const LETTER_T = 0x54;
/** Of can_id in linux/can.h. */
const ERROR_FLAG = 0x20000000;

/** `(1700000000.000013) can0 1D4#F73CF600C744B020 R`, what `candump -L` writes and `canplayer` reads. */
export const candumpLog: LogDialect = {
  name: "candump",
  title: "SocketCAN candump -L, -l (.log)",
  recognises: ({ text }) => /^\s*\(\d+\.\d+\)\s+\S+\s+[\dA-F]+#/im.test(text),
  reader: () => new LineReader("candump", new CandumpLogParser()),
  writer: () => new LineWriter(formatter),
};

class CandumpLogParser implements LineParser {
  readonly #times = new BareTimes();
  readonly #channels = new ChannelNames();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    if (!line.blanks().eat(OPEN)) return "no time stamp in parentheses";
    const time = line.fixed(6);
    if (Number.isNaN(time) || !line.eat(CLOSE)) return "no time stamp in parentheses";
    const channel = this.#channels.read(line.blanks());
    const id = line.blanks().hex();
    const { digits } = line;
    if (!line.eat(HASH)) return "no frame of the form id#data";
    const fd = line.eat(HASH);
    if (fd && line.hexDigit() < 0) return "no flags behind ##";

    const error = digits > 3 && id >= ERROR_FLAG && id < 2 * ERROR_FLAG;
    const extended = digits > 3 && !error;
    const problem = idProblem(error ? id - ERROR_FLAG : id, extended || error);
    if (problem !== undefined) return problem;

    const remote = !fd && line.eat(LETTER_R);
    let length = 0;
    let data: Uint8Array | undefined;
    if (remote) {
      const asked = line.integer();
      length = Number.isNaN(asked) ? 0 : asked;
      if (length > 8) return "a remote frame asks for more than 8 bytes";
    } else {
      const nibbles = line.hexDigitsAhead();
      if (nibbles % 2 !== 0) return "half a byte of data";
      if (nibbles > (fd ? 128 : 16)) return "more data than a frame can have";
      data = line.hexBytes(nibbles / 2);
      if (data === undefined) return "no data";
    }
    // `_9` … `_F`: the length code of a classical frame beyond 8 (candump -8); its data has 8 bytes all the same.
    if (line.eat(UNDERSCORE)) line.hex();

    let direction: CanFrame["direction"] = "rx";
    if (!line.blanks().atEnd) {
      if (line.eat(LETTER_T)) direction = "tx";
      else if (!line.eat(LETTER_R)) return "unknown text behind the frame";
      if (!line.blanks().atEnd) return "unknown text behind the frame";
    } else if (!line.whole && data?.length !== (fd ? 64 : 8)) return CUT_OFF;
    const ms = this.#times.ms(time);
    if (data === undefined) frames.push(remoteFrame(ms, id, extended, direction, channel, length));
    else if (error) frames.push(errorFrame(ms, id - ERROR_FLAG, direction, channel, data));
    else frames.push(dataFrame(ms, id, extended, fd, direction, channel, data));
    return undefined;
  }
}

const formatter: LineFormatter = {
  header: () => "",
  line(frame) {
    const direction = frame.direction === "tx" ? "T" : "R";
    const start = `(${seconds(frame.time)}) ${interfaceName(frame.channel)} `;
    const id = frame.type === "error" ? idText(frame.id + ERROR_FLAG, 8) : idText(frame.id, idDigits(frame));
    const data =
      frame.type === "remote" ? `#R${frame.length || ""}` : `${frame.fd ? "##0" : "#"}${hexText(frame.data)}`;
    return `${start}${id}${data} ${direction}\n`;
  },
  footer: "",
};
