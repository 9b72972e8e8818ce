import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, errorFrame, idProblem, remoteFrame } from "../frame.ts";
import { ChannelNames } from "./channel-names.ts";
import type { LogDialect } from "./dialect.ts";
import type { LineCursor } from "./line-cursor.ts";
import { CUT_OFF, type LineParser, LineReader } from "./line-reader.ts";
import { hexText, idDigits, idText, interfaceName, type LineFormatter, LineWriter } from "./line-writer.ts";
import { BareTimes, seconds } from "./times.ts";

const OPEN = 0x28;
const CLOSE = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const DASH = 0x2d;
const COLON = 0x3a;
/** Of can_id in linux/can.h. */
const ERROR_FLAG = 0x20000000;

/** ` (1700000000.000013)  can0  1D4   [8]  F7 3C F6 00 C7 44 B0 20`, what candump shows; the time is optional. */
export const candumpScreen: LogDialect = {
  name: "candump-screen",
  title: "SocketCAN candump as on the screen (.txt)",
  recognises: ({ text }) =>
    /^\s*(\([\d. :-]+\)\s+)?\S+\s+([RT]X\s+\S\s+\S\s+)?([\dA-F]{3}|[\dA-F]{8})\s+\[\d+\]/im.test(text),
  reader: () => new LineReader("candump-screen", new CandumpScreenParser()),
  writer: () => new LineWriter(formatter),
};

class CandumpScreenParser implements LineParser {
  readonly #times = new BareTimes();
  readonly #channels = new ChannelNames();

  get timeBase() {
    return this.#times.timeBase;
  }

  line(line: LineCursor, frames: CanFrame[]): string | undefined {
    // `candump -e` explains an error frame on lines of their own.
    if (line.peek === 0x09) return undefined;
    const timed = line.blanks().eat(OPEN);
    const time = timed ? stamp(line) : 0;
    if (Number.isNaN(time)) return "no time stamp in the parentheses";
    const channel = this.#channels.read(line.blanks());
    line.blanks();
    let direction: CanFrame["direction"] = "rx";
    if (line.eatWord("tx ")) direction = "tx";
    if (direction === "tx" || line.eatWord("rx ")) {
      // Two columns of `candump -x`: bit rate switch and error state.
      line.blanks().skipWord();
      line.blanks().skipWord();
    }
    const id = line.blanks().hex();
    const { digits } = line;
    const error = digits > 3 && id >= ERROR_FLAG && id < 2 * ERROR_FLAG;
    const extended = digits > 3 && !error;
    const problem = idProblem(error ? id - ERROR_FLAG : id, extended || error);
    if (problem !== undefined) return problem;
    if (!line.blanks().eat(OPEN_BRACKET)) return "no length in brackets";
    const from = line.at;
    const length = line.integer();
    // CAN FD has two digits, `[08]`, classical CAN has one.
    const fd = line.at - from === 2;
    if (!line.eat(CLOSE_BRACKET)) return "no length in brackets";
    if (!(length <= (fd ? 64 : 8))) return "more data than a frame can have";
    if (line.blanks().eatWord("remote request")) {
      frames.push(remoteFrame(this.#ms(timed, time), id, extended, direction, channel, length));
      return undefined;
    }
    if (length === 0 && !line.whole) return CUT_OFF;
    const data = line.spacedHexBytes(length);
    if (data === undefined) return "less data than the length says";
    const ms = this.#ms(timed, time);
    if (error) frames.push(errorFrame(ms, id - ERROR_FLAG, direction, channel, data));
    else frames.push(dataFrame(ms, id, extended, fd, direction, channel, data));
    return undefined;
  }

  #ms(timed: boolean, microseconds: number): number {
    return timed ? this.#times.ms(microseconds) : 0;
  }
}

/** µs of `1700000000.000013` or, with `candump -t A`, `2023-11-14 22:13:20.000013`, which is taken as UTC. */
function stamp(line: LineCursor): number {
  const time = line.fixed(6);
  if (line.eat(CLOSE)) return time;
  if (!line.eat(DASH)) return Number.NaN;
  const month = line.integer();
  line.eat(DASH);
  const day = line.integer();
  const hour = line.blanks().integer();
  line.eat(COLON);
  const minute = line.integer();
  line.eat(COLON);
  const second = line.fixed(6);
  if (!line.eat(CLOSE)) return Number.NaN;
  return Date.UTC(time / 1e6, month - 1, day, hour, minute) * 1000 + second;
}

const formatter: LineFormatter = {
  header: () => "",
  line(frame) {
    const error = frame.type === "error";
    const id = error ? idText(frame.id + ERROR_FLAG, 8) : idText(frame.id, idDigits(frame));
    const length = frame.fd ? String(frame.length).padStart(2, "0") : ` ${frame.length}`.trimStart();
    const data = frame.type === "remote" ? "  remote request" : ` ${hexText(frame.data, " ")}`;
    const side = frame.direction === "tx" ? "TX - -  " : "";
    const end = error ? "   ERRORFRAME" : "";
    return ` (${seconds(frame.time)})  ${interfaceName(frame.channel)}  ${side}${id}   [${length}]${data}${end}\n`;
  },
  footer: "",
};
