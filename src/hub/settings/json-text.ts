/** Where in a file something is, counted from 1 as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text as JSON (RFC 8259), in words that quote nothing of the text: it may hold a password. */
export interface JsonFault extends Position {
  readonly what: string;
}

export type JsonResult = { readonly value: unknown; readonly fault?: never } | { readonly fault: JsonFault };

const DEEPEST = 64;
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

/**
 * Reads JSON written by hand. JSON.parse gives no position for some errors, quotes the text in others and lets the second
 * of two equal keys win in silence; this finds all three.
 */
export function parseJson(text: string): JsonResult {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  const fault = new Checker(source).check();
  return fault ? { fault } : { value: JSON.parse(source) };
}

class Fault {
  readonly at: number;
  readonly what: string;

  constructor(at: number, what: string) {
    this.at = at;
    this.what = what;
  }
}

class Checker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  check(): JsonFault | undefined {
    try {
      this.#value(0);
      if (this.#next() !== "") throw new Fault(this.#at, "nothing more may follow here");
      return undefined;
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return { ...position(this.#text, fault.at), what: fault.what };
    }
  }

  #value(depth: number): void {
    if (depth > DEEPEST) throw new Fault(this.#at, "nested too deeply");
    const next = this.#next();
    if (next === "{") this.#object(depth);
    else if (next === "[") this.#array(depth);
    else if (next === '"') this.#string();
    else if (!this.#skip(SCALAR))
      throw new Fault(this.#at, next === "" ? "the file ends too early" : "expected a value");
  }

  #object(depth: number): void {
    this.#at++;
    const keys = new Set<string>();
    if (this.#next() === "}") return void this.#at++;
    for (;;) {
      if (this.#next() !== '"') throw this.#expected("a name in double quotes");
      const start = this.#at;
      const key: unknown = JSON.parse(this.#string());
      if (keys.has(String(key))) throw new Fault(start, "this name is there twice");
      keys.add(String(key));
      if (this.#next() !== ":") throw this.#expected("a colon");
      this.#at++;
      this.#value(depth + 1);
      if (this.#endOfList("}")) return;
    }
  }

  #array(depth: number): void {
    this.#at++;
    if (this.#next() === "]") return void this.#at++;
    for (;;) {
      this.#value(depth + 1);
      if (this.#endOfList("]")) return;
    }
  }

  #endOfList(end: string): boolean {
    const next = this.#next();
    if (next !== "," && next !== end) throw this.#expected(`a comma or ${end}`);
    this.#at++;
    return next === end;
  }

  #string(): string {
    const start = this.#at;
    if (!this.#skip(STRING)) throw new Fault(start, "this text has no end, or a character that JSON does not allow");
    return this.#text.slice(start, this.#at);
  }

  #expected(what: string): Fault {
    return new Fault(this.#at, this.#at === this.#text.length ? "the file ends too early" : `expected ${what}`);
  }

  /** The first character after white space; empty at the end. */
  #next(): string {
    this.#skip(SPACE);
    return this.#text.charAt(this.#at);
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}

function position(text: string, at: number): Position {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: at - lineStart + 1 };
}
