import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { interfaceProblem } from "./can-interface.ts";

/** A CAN interface of this machine. */
export interface CanInterface {
  readonly name: string;
  readonly up: boolean;
  /** bit/s; undefined for virtual ones, and where the system does not tell. */
  readonly bitrate: number | undefined;
}

const LIMIT_MS = 2_000;
const run = promisify(execFile);

/** In the order of their names; `sys` is where that is mounted. */
export async function canInterfaces(sys = "/sys"): Promise<readonly CanInterface[]> {
  const names = await readdir(`${sys}/class/net`).catch(() => []);
  const found = names.sort().flatMap((name) => {
    const problem = interfaceProblem(name, sys);
    return problem === undefined || problem === "CAN_INTERFACE_DOWN" ? [{ name, up: problem === undefined }] : [];
  });
  return await Promise.all(found.map(async (each) => ({ ...each, bitrate: await bitrate(each.name) })));
}

/** The kernel tells it over netlink only, for which `ip` is the tool; not every image has it. */
async function bitrate(name: string): Promise<number | undefined> {
  try {
    const { stdout } = await run("ip", ["-json", "-details", "link", "show", name], { timeout: LIMIT_MS });
    return Number(/"bittiming":\{"bitrate":(\d+)/.exec(stdout)?.[1]) || undefined;
  } catch {
    return undefined;
  }
}
