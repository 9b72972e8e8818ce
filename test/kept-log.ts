import type { Log } from "#domain/log.ts";

/** A log that keeps its lines for the test to read. */
export class KeptLog implements Log {
  readonly lines: string[];
  readonly #name: string;

  constructor(lines: string[] = [], name = "") {
    this.lines = lines;
    this.#name = name;
  }

  debug(text: string | (() => string), detail?: Readonly<Record<string, unknown>>): void {
    this.#keep("debug", typeof text === "string" ? text : text(), detail);
  }

  info(text: string, detail?: Readonly<Record<string, unknown>>): void {
    this.#keep("info", text, detail);
  }

  warn(text: string, detail?: Readonly<Record<string, unknown>>): void {
    this.#keep("warn", text, detail);
  }

  error(text: string, detail?: Readonly<Record<string, unknown>>): void {
    this.#keep("error", text, detail);
  }

  child(name: string): Log {
    return new KeptLog(this.lines, name);
  }

  #keep(level: string, text: string, detail: Readonly<Record<string, unknown>> | undefined): void {
    const more = detail?.["error"] instanceof Error ? ` ${detail["error"].message}` : "";
    this.lines.push(`${level} ${this.#name === "" ? "" : `${this.#name}: `}${text}${more}`);
  }
}
