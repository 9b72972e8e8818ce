import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { frames } from "#simulators/leaf/leaf.ts";

const REAL = "leaf/aze0-drive.log";

/** Where real recordings are, as an absolute path. */
const realData = resolve(import.meta.dirname, "..", env["CARPORT_REAL_DATA"] || "../shared/data");

/** About a minute of a driving Leaf as text of candump -L: a real one, or the simulator's, written to `folder`. */
export async function leafRecording(folder: string): Promise<string> {
  const real = join(realData, REAL);
  if (existsSync(real)) return real;
  const simulated = join(folder, "simulated-leaf.log");
  const recording = [...frames({ generation: "aze0", seconds: 60, start: Date.UTC(2026, 0, 1) })];
  await writeFile(simulated, candumpLog.writer?.().write(recording) ?? "");
  return simulated;
}
