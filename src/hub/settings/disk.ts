import { mkdir, open, readdir, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** The steps of reading and saving a file, one by one, so that a test can cut them off between any two. */
export interface Disk {
  /** Undefined when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder; none when it does not exist. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  write(path: string, text: string, mode: number): Promise<void>;
  sync(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Permission bits of a file; undefined when it does not exist. */
  mode(path: string): Promise<number | undefined>;
}

/** What a save that was cut off leaves behind ends so. */
export const TEMPORARY = ".tmp";

/** Only the owner may read what may hold a password, unless the owner has decided otherwise. */
const PRIVATE = 0o600;

/** Replaces a file whole or not at all, even when the power fails: afterwards it has the old text or the new one. */
export async function writeAtomically(disk: Disk, path: string, text: string): Promise<void> {
  const temporary = path + TEMPORARY;
  await disk.write(temporary, text, (await disk.mode(path)) ?? PRIVATE);
  await disk.sync(temporary);
  await disk.rename(temporary, path);
  await disk.sync(dirname(path));
}

export const realDisk: Disk = {
  read: (path) => absentIfMissing(readFile(path, "utf8")),
  list: async (folder) => (await absentIfMissing(readdir(folder))) ?? [],
  makeFolder: async (folder) => {
    await mkdir(folder, { recursive: true });
  },
  write: async (path, text, mode) => {
    await using file = await open(path, "w", mode);
    await file.writeFile(text);
  },
  sync: async (path) => {
    await using file = await open(path, "r");
    await file.sync();
  },
  rename,
  mode: async (path) => {
    const stats = await absentIfMissing(stat(path));
    return stats === undefined ? undefined : stats.mode & 0o777;
  },
};

async function absentIfMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
