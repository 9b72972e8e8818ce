import { unitOf } from "#domain/units.ts";
import type { DbcSignal } from "./network.ts";

/** What a signal is to a person, as far as the file tells. */
export interface Reading {
  readonly type: "number" | "boolean" | "enum";
  /** Names of values, by physical value; those that mean "not available" are not among them. */
  readonly states: ReadonlyMap<number, string>;
  /** Raw values that say there is none. */
  readonly unavailable: readonly number[];
}

/** A raw value that the file names. */
interface NamedValue {
  readonly raw: number;
  readonly text: string;
  /** Its words in small letters, with one space between. */
  readonly plain: string;
}

// Files come from all over the world, most from America and Germany. SNA is "signal not available".
const NO_VALUE = new RegExp(
  "^(?:(?:signal|data|value|sensor|status) )?" +
    "(?:n a|na|not avail(?:able)?|unavailable|not valid|no data|nicht verf(?:ue|ü)gbar|ung(?:ue|ü)ltig)" +
    "(?: (?:signal|data|value))?$|(?:^| )(?:sna|invalid)$",
);
const NO_MEASUREMENT = new RegExp(
  "(?:^| )(?:n a|sna|not avail\\w*|unavailable|not valid|invalid|no data|undefined|unknown|reserved" +
    "|err|error|fault\\w*|fail\\w*|init\\w*|neutralwert|fehler\\w*|kein wert|unbekannt|reserviert" +
    "|nicht (?:verbaut|definiert|vorhanden|verf(?:ue|ü)gbar)|ung(?:ue|ü)ltig)(?: |$)",
);
const OFF_ON = /^(?:0|off|false|no|inactive|not active|disabled),(?:1|on|true|yes|active|enabled)$/;

/**
 * Numbers, states or yes and no? Names for most values, or names without unit and scale, make states; otherwise they are
 * exceptions of a number. Raw values that the file calls not available are absent. Of a number that goes for named faults as
 * well, and for named values outside its range.
 */
export function readingOf(signal: DbcSignal): Reading {
  const values = [...signal.states].map(([raw, text]): NamedValue => ({ raw, text: text.trim(), plain: plain(text) }));
  const named = values.filter(({ text, plain }) => text !== "" && !NO_VALUE.test(plain));
  const unavailable = values.filter(({ plain }) => NO_VALUE.test(plain)).map(({ raw }) => raw);
  if (isBit(signal) && (named.length === 0 || isOffOn(named)))
    return { type: "boolean", states: new Map(), unavailable };
  if (!areStates(signal, named)) {
    const isException = ({ raw, plain }: NamedValue) => NO_MEASUREMENT.test(plain) || isOutOfRange(signal, raw);
    const exceptions = named.filter(isException).map(({ raw }) => raw);
    return { type: "number", states: new Map(), unavailable: [...unavailable, ...exceptions] };
  }
  const states = new Map(named.map(({ raw, text }) => [raw * signal.factor + signal.offset, text]));
  return { type: "enum", states, unavailable };
}

function isBit({ length, float, signed, factor, offset, unit }: DbcSignal): boolean {
  return length === 1 && !float && !signed && factor === 1 && offset === 0 && unitOf(unit) === undefined;
}

function isOffOn(named: readonly NamedValue[]): boolean {
  const inOrder = named.toSorted((a, b) => a.raw - b.raw);
  return OFF_ON.test(inOrder.map(({ plain }) => plain).join(","));
}

function areStates({ float, factor, offset, length, unit }: DbcSignal, named: readonly NamedValue[]): boolean {
  if (float || factor === 0 || !Number.isInteger(factor) || !Number.isInteger(offset)) return false;
  if (named.length > 0 && named.length >= 2 ** (length - 1)) return true;
  if (unitOf(unit) !== undefined || named.length < 2) return false;
  // `0 "None" 254 "Derestricted"` of a speed limit are exceptions, few and far apart.
  const raws = named.map(({ raw }) => raw);
  const span = Math.max(...raws) - Math.min(...raws) + 1;
  const areFlags = raws.every((raw) => raw <= 1 || Number.isInteger(Math.log2(raw)));
  return named.length >= 5 || span <= 4 * named.length || areFlags;
}

function isOutOfRange({ factor, offset, range }: DbcSignal, raw: number): boolean {
  if (range === undefined) return false;
  const value = raw * factor + offset;
  // A declared end is often rounded.
  const slack = Math.abs(factor) / 2;
  return value < range.minimum - slack || value > range.maximum + slack;
}

const plain = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
