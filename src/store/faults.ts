import { CarportError, type ErrorCode, isCarportError } from "#domain/error.ts";

// https://sqlite.org/rescode.html, primary codes.
const BUSY = 5;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** What SQLite or the file system threw, as an error of ours; `file` is named in it. */
export function storeFault(error: unknown, file: string): CarportError {
  return isCarportError(error) ? error : new CarportError(codeOf(error), file, { cause: error });
}

/** The file cannot be gone on with: it is damaged, or of a newer Carport. */
export const isLost = ({ code }: CarportError) => code === "STORE_DAMAGED" || code === "STORE_TOO_NEW";

/** An error of SQLite, as node:sqlite throws it. */
export function isSqliteError(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number";
}

function codeOf(error: unknown): ErrorCode {
  if (isSqliteError(error)) {
    switch (error.errcode & 0xff) {
      case BUSY:
        return "STORE_BUSY";
      case READONLY:
        return "STORE_READ_ONLY";
      case FULL:
        return "STORE_DISK_FULL";
      case CORRUPT:
      case NOT_A_DATABASE:
        return "STORE_DAMAGED";
      default:
        return "STORE_UNAVAILABLE";
    }
  }
  if (error instanceof Error && "code" in error) {
    if (error.code === "EROFS") return "STORE_READ_ONLY";
    if (error.code === "ENOSPC") return "STORE_DISK_FULL";
  }
  return "STORE_UNAVAILABLE";
}
