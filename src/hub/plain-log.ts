import { type Logger, pino } from "pino";
import type { Log } from "#domain/log.ts";
import { type LogLevel, type LogTail, logLevels } from "./log-tail.ts";
import type { Redactor } from "./redactor.ts";

export interface PlainLogOptions {
  readonly level: LogLevel;
  readonly redactor: Redactor;
  /** Takes whole lines, each with its line end. */
  readonly write: (line: string) => void;
  /** Keeps them, too. */
  readonly tail?: LogTail;
}

type Detail = Readonly<Record<string, unknown>>;

/** The log as people read it: `2026-11-21 10:15:00 info  leaf: connected`. Secrets, VINs and places are taken out. */
export class PlainLog implements Log {
  readonly #logger: Logger;
  readonly #name: string;

  constructor(logger: Logger, name = "") {
    this.#logger = logger;
    this.#name = name;
  }

  /** Of this log and all its children. */
  set level(level: LogLevel) {
    this.#logger.level = level;
  }

  debug(text: string | (() => string), detail?: Detail): void {
    if (this.#logger.isLevelEnabled("debug")) this.#logger.debug({ name: this.#name, detail }, of(text));
  }

  info(text: string, detail?: Detail): void {
    this.#logger.info({ name: this.#name, detail }, text);
  }

  warn(text: string, detail?: Detail): void {
    this.#logger.warn({ name: this.#name, detail }, text);
  }

  error(text: string, detail?: Detail): void {
    this.#logger.error({ name: this.#name, detail }, text);
  }

  child(name: string): PlainLog {
    return new PlainLog(this.#logger, this.#name === "" ? name : `${this.#name} ${name}`);
  }
}

export function createLog({ level, redactor, write, tail }: PlainLogOptions): PlainLog {
  const options = {
    level,
    base: null,
    // The detail stays as it is until it is written: pino would turn it into JSON before secrets can be taken out.
    serializers: { detail: (detail: Detail = {}) => (isEmpty(detail) ? "" : redactor.json(withErrors(detail))) },
  };
  const logger = pino(options, {
    write: (line: string) => {
      const { level: number, time, name, msg, detail }: Record<string, unknown> = JSON.parse(line);
      const origin = name === "" ? "" : `${String(name)}: `;
      const label = logLevels.find((known) => known === pino.levels.labels[Number(number)]) ?? "info";
      const more = detail === undefined || detail === "" ? "" : ` ${String(detail)}`;
      const text = oneLine(redactor.text(`${origin}${String(msg)}`) + more);
      tail?.add(Number(time), label, text);
      write(`${timeText(Number(time))} ${label.padEnd(5)} ${text}\n`);
    },
  });
  return new PlainLog(logger);
}

/** Nobody's text may look like a line of its own, or move the cursor. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ");

const of = (text: string | (() => string)): string => (typeof text === "string" ? text : text());

const isEmpty = (detail: Detail): boolean => Object.values(detail).every((value) => value === undefined);

/** Errors say what and where, in one line, with their causes. */
function withErrors(detail: Detail): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [key, value instanceof Error ? errorText(value) : value]),
  );
}

function errorText(error: Error): string {
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  const cause = error.cause instanceof Error ? `, because of ${errorText(error.cause)}` : "";
  return `${error.name}: ${error.message}${where === undefined ? "" : ` (${where.trim()})`}${cause}`;
}

/** Local time, as the owner's watch shows it. */
function timeText(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 19).replace("T", " ");
}
