import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { platform } from "node:process";

/**
 * `spawn` of a program that runs until it is stopped: on Linux it ends with the test process, however that one ends.
 * The child is the program itself; `setpriv` makes way for it.
 */
export function spawnBound(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (platform !== "linux") return spawn(program, args, options);
  return spawn("setpriv", ["--pdeathsig", "TERM", program, ...args], options);
}
