import { join } from "node:path";
import { buildWhole, cacheFolder } from "../setup/cache.ts";
import { command } from "../setup/command.ts";

const PACKAGES = ["cantools==45.1.0", "python-can==4.6.1"];
const folder = join(cacheFolder, `bench-${PACKAGES.join("-").replaceAll("==", "-")}`);

async function build(unfinished: string): Promise<void> {
  await command("python3", ["-m", "venv", unfinished]);
  const python = join(unfinished, "bin/python");
  await command(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
}

/**
 * What a script of `peers/` prints as JSON; made by Python with the packages above, installed once into the cache.
 * Undefined, and the reason on standard error, where there is no Python to install them for.
 */
export async function pythonPeer(script: string, ...args: readonly string[]): Promise<unknown> {
  try {
    await buildWhole(folder, build);
  } catch (error) {
    console.error(`no ${PACKAGES.join(", ")}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const output = await command(join(folder, "bin/python"), [join(import.meta.dirname, "peers", script), ...args]);
  return JSON.parse(output);
}
