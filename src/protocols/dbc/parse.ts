import { CarportError } from "#domain/error.ts";
import { Cursor, Unreadable } from "./cursor.ts";
import { Draft } from "./draft.ts";
import { keyword, unknownKeyword } from "./keywords.ts";
import type { DbcNetwork } from "./network.ts";
import { remarks } from "./remarks.ts";
import { statements } from "./statements.ts";
import { tieUp } from "./tie-up.ts";

/** Something the file says that was left out. */
export interface DbcWarning {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface ParsedDbc {
  readonly network: DbcNetwork;
  readonly warnings: readonly DbcWarning[];
}

/**
 * Reads a DBC file. Statements that Carport does not need are skipped, unknown ones and signals that cannot be decoded
 * with a warning.
 *
 * `file` is its name in error messages. Throws DBC_SYNTAX with line, column and reason where a statement that decides
 * about values is malformed, DBC_EMPTY when no signal is left.
 */
export function parseDbc(text: string, file: string): ParsedDbc {
  const cursor = new Cursor(text);
  const draft = new Draft();
  try {
    while (!cursor.atEnd) readStatement(cursor, draft);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { line, column } = position(lineStarts(text), error.offset);
    throw new CarportError("DBC_SYNTAX", `${file}:${line}:${column}: ${error.reason}`);
  }
  const network = tieUp(draft);
  if (network.messages.every(({ signals }) => signals.length === 0)) throw new CarportError("DBC_EMPTY", file);
  const starts = lineStarts(text);
  const warnings = draft.warnings
    .toSorted((a, b) => a.place - b.place)
    .map(({ place, text }) => ({ line: position(starts, place).line, text }));
  return { network, warnings };
}

function readStatement(cursor: Cursor, draft: Draft): void {
  if (cursor.accept(";")) return;
  const place = cursor.offset;
  const known = cursor.peek(keyword);
  if (!known && !cursor.peek(unknownKeyword)) cursor.refuse("a statement such as BO_ or SG_");
  const word = cursor.word("a statement");
  if (!known) draft.warn(place, `statement ${word} skipped: it is not known`);
  const statement = statements.get(word);
  const remark = remarks.get(word);
  if (statement !== undefined) {
    statement(cursor, draft);
  } else if (remark !== undefined) {
    try {
      remark(cursor, draft);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      draft.warn(error.offset, `rest of ${word} skipped: ${error.reason}`);
      cursor.skipStatement(keyword);
    }
  } else {
    cursor.skipStatement(keyword);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

function position(starts: readonly number[], offset: number): { line: number; column: number } {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
