/**
 * Thrown: why the text cannot be read, and where. Never leaves this folder (`parseDbc` says it with file, line and column)
 * and is no Error, since the stack trace of each remark skipped in a long file would take seconds.
 */
export class Unreadable {
  readonly offset: number;
  readonly reason: string;

  constructor(offset: number, reason: string) {
    this.offset = offset;
    this.reason = reason;
  }
}

const SPACE = /\s+/y;
const COMMENT = /\/\/[^\n]*/y;
const WORD = /[^\s:;,|@()[\]"]+/y;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;
const SEMICOLON = 59;
const NEWLINE = 10;

/** A place in the text that moves on by what the grammar asks for. Always forwards, so that every text has an end. */
export class Cursor {
  readonly #text: string;
  /** Where the last token ends. */
  #end = 0;
  /** Where the next one begins, past space and `//` comments. */
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#moveTo(0);
  }

  get offset(): number {
    return this.#next;
  }

  get atEnd(): boolean {
    return this.#next === this.#text.length;
  }

  /** `pattern` is sticky. */
  peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.#next;
    return pattern.test(this.#text);
  }

  /** True, and past it, when `symbol` is next. */
  accept(symbol: string): boolean {
    const found = this.#text.startsWith(symbol, this.#next);
    if (found) this.#moveTo(this.#next + symbol.length);
    return found;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) this.refuse(`"${symbol}"`);
  }

  /** A name or keyword. DBC names are C identifiers; files in the wild are laxer, so it ends where punctuation begins. */
  word(what: string): string {
    return this.#take(WORD) ?? this.refuse(what);
  }

  /** A word, unless the line ends first. */
  wordOnThisLine(): string | undefined {
    return this.#text.slice(this.#end, this.#next).includes("\n") ? undefined : this.#take(WORD);
  }

  number(what: string): number {
    const start = this.#next;
    const text = this.#take(NUMBER) ?? this.refuse(what);
    const number = Number(text);
    if (!Number.isFinite(number)) throw new Unreadable(start, `${what} is too large: ${text}`);
    return number;
  }

  /** A whole number of at least 0, at most `limit`. */
  count(what: string, limit: number): number {
    const start = this.#next;
    const number = this.number(what);
    if (Number.isInteger(number) && number >= 0 && number <= limit) return number;
    throw new Unreadable(start, `${what} must be a whole number from 0 to ${limit}, not ${number}`);
  }

  /** A text in quotation marks, over as many lines as it likes; `\"` is the only escape. */
  quoted(what: string): string {
    const start = this.#next;
    if (this.#text.charCodeAt(start) !== QUOTE) this.refuse(what);
    this.#moveTo(this.#afterQuoted(start));
    return this.#text.slice(start + 1, this.#end - 1).replaceAll('\\"', '"');
  }

  /** Past the next `;`, or to a line that begins with `next`, whichever comes first. */
  skipStatement(next: RegExp): void {
    const text = this.#text;
    let offset = this.#end;
    while (offset < text.length) {
      const code = text.charCodeAt(offset);
      offset = code === QUOTE ? this.#afterQuoted(offset) : offset + 1;
      if (code === SEMICOLON) break;
      if (code === NEWLINE) {
        this.#moveTo(offset);
        if (this.peek(next)) return;
        offset = this.#next;
      }
    }
    this.#moveTo(offset);
  }

  refuse(expected: string): never {
    const start = this.#next;
    const rest = this.#text.slice(start, start + 24).split(/[\s;]/, 1)[0] ?? "";
    const found = this.atEnd ? "the end of the file" : JSON.stringify(rest || this.#text[start]);
    throw new Unreadable(start, `expected ${expected}, found ${found}`);
  }

  #moveTo(end: number): void {
    this.#end = end;
    this.#next = end;
    for (let before = -1; before !== this.#next; ) {
      before = this.#next;
      this.#next += this.#match(SPACE)?.length ?? 0;
      this.#next += this.#match(COMMENT)?.length ?? 0;
    }
  }

  #take(pattern: RegExp): string | undefined {
    const found = this.#match(pattern);
    if (found !== undefined) this.#moveTo(this.#next + found.length);
    return found;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#next;
    return pattern.exec(this.#text)?.[0];
  }

  #afterQuoted(start: number): number {
    for (let end = this.#text.indexOf('"', start + 1); end !== -1; end = this.#text.indexOf('"', end + 1)) {
      if (this.#text.charCodeAt(end - 1) !== BACKSLASH) return end + 1;
    }
    throw new Unreadable(start, "this text has no closing quotation mark");
  }
}
