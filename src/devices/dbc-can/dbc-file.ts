import { open } from "node:fs/promises";
import { basename } from "node:path";
import { CarportError, isCarportError } from "#domain/error.ts";
import { type ParsedDbc, parseDbc } from "#protocols/dbc/parse.ts";
import { decodeDbcText } from "#protocols/dbc/text.ts";

/** The largest files of car makers have 5 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads a DBC file. Throws DBC_MISSING, DBC_UNREADABLE, DBC_SYNTAX, DBC_EMPTY. */
export async function readDbcFile(path: string): Promise<ParsedDbc> {
  return parseDbc(decodeDbcText(await contents(path)), basename(path));
}

async function contents(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const stat = await file.stat();
    if (!stat.isFile()) throw new CarportError("DBC_UNREADABLE", `${path} (not a file)`);
    if (stat.size > MAX_BYTES) throw new CarportError("DBC_UNREADABLE", `${path} (more than 32 MB)`);
    return await file.readFile();
  } catch (error) {
    if (isCarportError(error)) throw error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw new CarportError(missing ? "DBC_MISSING" : "DBC_UNREADABLE", path, { cause: error });
  }
}
