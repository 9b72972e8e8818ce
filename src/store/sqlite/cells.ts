import type { SQLOutputValue } from "node:sqlite";

type Cell = SQLOutputValue | undefined;

/** A cell of a STRICT table is of its column's type, or the database is damaged: TypeError. */
export function integer(cell: Cell): number {
  if (typeof cell !== "number") throw new TypeError("expected a number in the database");
  return cell;
}

export function text(cell: Cell): string {
  if (typeof cell !== "string") throw new TypeError("expected text in the database");
  return cell;
}

export function blob(cell: Cell): Uint8Array {
  if (!(cell instanceof Uint8Array)) throw new TypeError("expected a blob in the database");
  return cell;
}
