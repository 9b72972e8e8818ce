import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, CanLogTimeBase } from "#domain/can-log.ts";
import { LineCursor } from "./line-cursor.ts";
import { LogCounters } from "./log-counters.ts";

/** What is particular to a text dialect: what one line means. Keeps what its header said. */
export interface LineParser {
  readonly timeBase: CanLogTimeBase;
  /**
   * Adds the frame of this line, if it has one, and says why when the line makes no sense. Comments, headers and events
   * are no problem.
   */
  line(line: LineCursor, frames: CanFrame[]): string | undefined;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The longest sensible line, an ASC one with 64 bytes and every field there is, has under 400. */
const LONGEST_LINE = 4096;
/** For dialects in which a line that was cut off can look like a shorter one. */
export const CUT_OFF = "the file ends within a line";
const NOTHING = new Uint8Array(0);

/** Cuts bytes into lines, whatever the chunks, and has a dialect's parser read them. */
export class LineReader implements CanLogReader {
  readonly dialect: string;
  readonly counters = new LogCounters();
  readonly #parser: LineParser;
  readonly #cursor = new LineCursor();
  #line = 0;
  /** The start of a line whose end has not come yet. */
  #carried = NOTHING;
  /** In the midst of a line that is too long to keep. */
  #skipping = false;

  constructor(dialect: string, parser: LineParser) {
    this.dialect = dialect;
    this.#parser = parser;
  }

  get timeBase(): CanLogTimeBase {
    return this.#parser.timeBase;
  }

  read(chunk: Uint8Array): CanFrame[] {
    const frames: CanFrame[] = [];
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(LINE_FEED, from);
      if (to < 0) break;
      if (this.#skipping) this.#skipping = false;
      else if (this.#carried.length === 0) this.#read(chunk, from, to, frames);
      else {
        const line = joined(this.#carried, chunk.subarray(from, to));
        this.#carried = NOTHING;
        this.#read(line, 0, line.length, frames);
      }
      from = to + 1;
    }
    this.#carry(chunk.subarray(from));
    this.counters.frames += frames.length;
    return frames;
  }

  end(): CanFrame[] {
    const frames: CanFrame[] = [];
    const line = this.#carried;
    this.#carried = NOTHING;
    if (line.length > 0) this.#read(line, 0, line.length, frames, false);
    this.counters.frames += frames.length;
    return frames;
  }

  #carry(rest: Uint8Array): void {
    if (rest.length === 0 || this.#skipping) return;
    if (this.#carried.length + rest.length > LONGEST_LINE) {
      this.#carried = NOTHING;
      this.#skipping = true;
      this.#tooLong();
    } else this.#carried = joined(this.#carried, rest);
  }

  #read(bytes: Uint8Array, from: number, lineFeed: number, frames: CanFrame[], whole = true): void {
    if (lineFeed - from > LONGEST_LINE) {
      this.#tooLong();
      return;
    }
    this.#line++;
    const to = lineFeed > from && bytes[lineFeed - 1] === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
    if (to === from) return;
    this.#cursor.set(bytes, from, to, whole);
    const problem = this.#parser.line(this.#cursor, frames);
    if (problem !== undefined) this.counters.discard("line", this.#line, problem);
  }

  #tooLong(): void {
    this.#line++;
    this.counters.discard("line", this.#line, `longer than ${LONGEST_LINE} bytes`);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
