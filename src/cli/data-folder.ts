import { resolve } from "node:path";
import type { Environment } from "#hub/settings/overrides.ts";

/** Where the settings and the history are: as asked for, else CARPORT_DATA, else `data` in the current folder. */
export const dataFolder = (asked: string | undefined, env: Environment): string =>
  resolve(asked ?? (env["CARPORT_DATA"] || "data"));

export const DATA_HELP = "  --data FOLDER   settings and history; otherwise CARPORT_DATA, or the folder data";
