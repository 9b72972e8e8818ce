/**
 * `node test/setup/real-parts.ts`: installs what the tests with real parts need and this machine lacks. What cannot be
 * installed is said here and skipped by its tests.
 */
import { existsSync } from "node:fs";
import { homeAssistant } from "../home-assistant/part.ts";
import { machine } from "../machine/part.ts";
import { buildWhole } from "./cache.ts";
import { installPackages, isRoot, missingPackages, whyNotInstallable } from "./debian.ts";
import { bluetooth, chromium, mosquitto, type RealPart } from "./real-part.ts";

const parts: readonly RealPart[] = [mosquitto, chromium, homeAssistant, machine, bluetooth];
/** Compiles the package socketcan, with which Carport in the test machine opens its CAN interface. */
const toolchain = ["g++", "make", "python3"];

const say = (text: string) => console.log(`set-up: ${text}`);

async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  try {
    await work();
    say(`${what}: done in ${Math.round((performance.now() - started) / 1000)} s`);
  } catch (error) {
    say(`${what}: failed. ${error instanceof Error ? error.message : String(error)}`);
  }
}

const packages = missingPackages([...new Set([...parts.flatMap((part) => part.packages), ...toolchain])]);
if (packages.length > 0) {
  const obstacle = whyNotInstallable();
  if (obstacle === undefined) await attempt(`installing ${packages.join(", ")}`, () => installPackages(packages));
  else say(`${obstacle}, so these packages stay missing: ${packages.join(", ")}`);
}
for (const { name, packages, made } of parts) {
  if (made === undefined || existsSync(made.folder) || missingPackages(packages).length > 0) continue;
  if (made.needsRoot && !isRoot) say(`${name} can be set up by root only`);
  else await attempt(`making ${name} in ${made.folder}`, () => buildWhole(made.folder, made.make));
}
