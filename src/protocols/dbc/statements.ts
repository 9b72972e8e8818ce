import type { BitField } from "../can/bits.ts";
import { MAX_EXTENDED_ID, MAX_STANDARD_ID } from "../can/frame.ts";
import { type Cursor, Unreadable } from "./cursor.ts";
import type { Draft, SignalDraft } from "./draft.ts";

/** Reads one statement, from behind its keyword, into the draft. */
export type Statement = (cursor: Cursor, draft: Draft) => void;

const EXTENDED = 0x8000_0000;
/** ISO-TP and J1939 files describe messages longer than a frame. */
const MAX_MESSAGE_BYTES = 4095;
/** A batch names its signals with 16 bits. */
const MAX_SIGNALS = 65_536;
/** Vector's home for signals that no message carries. */
const NO_MESSAGE = "VECTOR__INDEPENDENT_SIG_MSG";
const DIGIT = /\d/y;
const LETTER = /[A-Za-z_]/y;
const VALUE = /[-+.\d]/y;
const MULTIPLEXING = /^(?:M|m(\d{1,15})(M?))$/;
const NEVER: readonly [number, number] = [0, -1];
const NEW_SYMBOL = /[A-Z_]+[ \t\r]*(?:\n|$)/y;

/** Bit 31 marks an extended id; one above 11 bits can only be extended, whatever the file forgot. */
export function dbcId(cursor: Cursor): number {
  const id = cursor.count("a message id", 0xffff_ffff);
  return id > MAX_STANDARD_ID && id < EXTENDED ? id + EXTENDED : id;
}

const message: Statement = (cursor, draft) => {
  const place = cursor.offset;
  const id = dbcId(cursor);
  const name = cursor.word("a message name");
  cursor.expect(":");
  const length = cursor.count("the length of a message", MAX_MESSAGE_BYTES);
  const sender = cursor.wordOnThisLine() ?? "";
  const extended = id >= EXTENDED;
  const plainId = extended ? id - EXTENDED : id;
  draft.current = { place, id: plainId, extended, name, length, sender, signals: [], byName: new Map() };
  if (name === NO_MESSAGE) {
    draft.ignored.add(id);
  } else if (plainId > MAX_EXTENDED_ID) {
    draft.ignored.add(id);
    draft.warn(place, `message ${name} skipped: its id has more than 29 bits`);
  } else {
    const namesake = draft.messages.get(id);
    if (namesake !== undefined) draft.warn(place, `message ${name} replaces ${namesake.name}, which has the same id`);
    draft.messages.set(id, draft.current);
  }
};

const signal: Statement = (cursor, draft) => {
  const place = cursor.offset;
  if (draft.current === undefined) throw new Unreadable(place, "a signal stands before the first message");
  if (++draft.signalCount > MAX_SIGNALS) throw new Unreadable(place, `more than ${MAX_SIGNALS} signals`);
  const name = cursor.word("a signal name");
  const drafted: SignalDraft = {
    place,
    name,
    ...multiplexing(cursor),
    ...bitField(cursor),
    ...scale(cursor),
    unit: cursor.quoted("a unit"),
    receivers: receiverNames(cursor),
    states: new Map(),
  };
  const { signals, byName } = draft.current;
  signals.push(drafted);
  const namesakes = byName.get(name);
  if (namesakes === undefined) byName.set(name, [drafted]);
  else namesakes.push(drafted);
};

/** `M`, `m0`, `m0M` or nothing. A signal marked in another way is present for no value, so it is left out later. */
function multiplexing(cursor: Cursor): { multiplexor: boolean; ranges: (readonly [number, number])[] } {
  if (cursor.accept(":")) return { multiplexor: false, ranges: [] };
  const indicator = cursor.word('":" or a multiplexer indicator');
  cursor.expect(":");
  const [found, value, both] = MULTIPLEXING.exec(indicator) ?? [];
  if (found === undefined) return { multiplexor: false, ranges: [NEVER] };
  if (value === undefined) return { multiplexor: true, ranges: [] };
  return { multiplexor: both === "M", ranges: [[Number(value), Number(value)]] };
}

/** `7|11@0-` */
function bitField(cursor: Cursor): BitField {
  const start = cursor.count("a start bit", MAX_MESSAGE_BYTES * 8);
  cursor.expect("|");
  const length = cursor.count("the length of a signal", MAX_MESSAGE_BYTES * 8);
  cursor.expect("@");
  const byteOrder = cursor.count("a byte order", 1) === 1 ? "little" : "big";
  const signed = cursor.accept("-");
  if (!signed) cursor.expect("+");
  return { start, length, byteOrder, signed };
}

/** `(0.5,-40) [-40|87.5]` */
function scale(cursor: Cursor): Pick<SignalDraft, "factor" | "offset" | "minimum" | "maximum"> {
  cursor.expect("(");
  const factor = cursor.number("a factor");
  cursor.expect(",");
  const offset = cursor.number("an offset");
  cursor.expect(")");
  cursor.expect("[");
  const minimum = cursor.number("a minimum");
  cursor.expect("|");
  const maximum = cursor.number("a maximum");
  cursor.expect("]");
  return { factor, offset, minimum, maximum };
}

function receiverNames(cursor: Cursor): string[] {
  const names: string[] = [];
  for (let name = cursor.wordOnThisLine(); name !== undefined; name = cursor.wordOnThisLine()) {
    names.push(name);
    while (cursor.accept(",")) names.push(cursor.word("a receiver"));
  }
  return names;
}

/** `7 "B" 4 "D" ;` */
function valueTexts(cursor: Cursor): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  while (cursor.peek(VALUE)) texts.set(cursor.number("a value"), cursor.quoted("the text of a value"));
  cursor.accept(";");
  return texts;
}

const values: Statement = (cursor, draft) => {
  const place = cursor.offset;
  if (!cursor.peek(DIGIT)) {
    // Values of an environment variable.
    cursor.word("a message id");
    valueTexts(cursor);
    return;
  }
  const id = dbcId(cursor);
  const name = cursor.word("a signal name");
  const table = cursor.peek(LETTER) ? cursor.word("a value") : undefined;
  const own = valueTexts(cursor);
  const states = table === undefined ? own : draft.valueTables.get(table);
  if (states === undefined) return draft.warn(place, `skipped: there is no value table ${table}`);
  for (const signal of draft.signals(place, id, name)) signal.states = states;
};

const valueTable: Statement = (cursor, draft) => {
  draft.valueTables.set(cursor.word("the name of a value table"), valueTexts(cursor));
};

/** Extended multiplexing: `SG_MUL_VAL_ 361 Voltage Page 0-2, 7-7 ;` */
const multiplexedValues: Statement = (cursor, draft) => {
  const place = cursor.offset;
  const id = dbcId(cursor);
  const name = cursor.word("a signal name");
  const selector = cursor.word("the name of the multiplexer");
  const ranges: [number, number][] = [];
  do {
    const from = cursor.count("a multiplexer value", Number.MAX_SAFE_INTEGER);
    cursor.expect("-");
    ranges.push([from, cursor.count("a multiplexer value", Number.MAX_SAFE_INTEGER)]);
  } while (cursor.accept(","));
  cursor.accept(";");
  for (const signal of draft.signals(place, id, name)) {
    signal.ranges = signal.selector === selector ? [...signal.ranges, ...ranges] : ranges;
    signal.selector = selector;
  }
};

const valueType: Statement = (cursor, draft) => {
  const place = cursor.offset;
  const id = dbcId(cursor);
  const name = cursor.word("a signal name");
  cursor.accept(":");
  const type = cursor.count("a value type (0 integer, 1 float, 2 double)", 2);
  cursor.accept(";");
  for (const signal of draft.signals(place, id, name)) {
    if (type === 0) delete signal.floatBits;
    else signal.floatBits = type === 1 ? 32 : 64;
  }
};

/** The keywords of the other statements, one to a line below `NS_ :`. */
const newSymbols: Statement = (cursor) => {
  cursor.expect(":");
  while (cursor.peek(NEW_SYMBOL)) cursor.word("a keyword");
};

/** What numbers are made of: a mistake here refuses the file. */
export const statements: ReadonlyMap<string, Statement> = new Map([
  ["NS_", newSymbols],
  ["BO_", message],
  ["SG_", signal],
  ["SG_MUL_VAL_", multiplexedValues],
  ["SIG_VALTYPE_", valueType],
  ["VAL_TABLE_", valueTable],
  ["VAL_", values],
]);
