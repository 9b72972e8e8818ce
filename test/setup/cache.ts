import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";

/** Where what is large and the same for every clone stays: Home Assistant Core, the test machine's kernel. */
export const cacheFolder = env["CARPORT_CACHE"] || join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "carport");

const UNFINISHED = ".unfinished";

/**
 * Makes `folder` by `build`, which gets the path to fill. It appears under its name only when it is whole; what a build
 * that was cut off left is removed first. The caller sees to it that there is one build at a time.
 */
export async function buildWhole(folder: string, build: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(cacheFolder, { recursive: true });
  for (const name of await readdir(cacheFolder)) {
    if (name.endsWith(UNFINISHED)) await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
  const unfinished = `${folder}${UNFINISHED}`;
  await mkdir(unfinished);
  await build(unfinished);
  await rename(unfinished, folder);
}
