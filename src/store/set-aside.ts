import { existsSync, readdirSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";

// The log first: left alone beside a new database it could be taken for that one's.
const PARTS = ["-wal", "-shm", ""];
const MARK = ".set-aside-";

/** Renames a database with its log, so that a new one can be begun in its place; nothing is deleted. Returns the new name. */
export function setAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, "-");
  let target = `${file}${MARK}${stamp}`;
  for (let again = 2; existsSync(target); again++) target = `${file}${MARK}${stamp}-${again}`;
  for (const part of PARTS) {
    if (existsSync(file + part)) renameSync(file + part, target + part);
  }
  return basename(target);
}

/** A log whose database is gone. */
export const isOrphaned = (file: string) => !existsSync(file) && existsSync(`${file}-wal`);

/** Names of the databases that were set aside, now or earlier. */
export function setAsideFiles(file: string): readonly string[] {
  const start = basename(file) + MARK;
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(start));
  return names.filter((name) => !/-(wal|shm)$/.test(name) || !names.includes(name.slice(0, -4))).toSorted();
}
