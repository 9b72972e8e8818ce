import { deviceKinds } from "#devices/index.ts";
import { type Disk, realDisk } from "#hub/settings/disk.ts";
import { Settings } from "#hub/settings/settings.ts";
import { systemClock } from "#hub/system-clock.ts";
import { DATA_HELP, dataFolder } from "./data-folder.ts";
import type { Command } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Checks system.json, vehicles.json and devices.json and the CARPORT_ variables, and changes nothing.

Usage: carport check [--data FOLDER]

${DATA_HELP}

Exit code: 0 all is in order, 1 there are problems, 2 wrong usage.
`;

const nothing = async (): Promise<void> => {};
const readOnly: Disk = { ...realDisk, makeFolder: nothing, write: nothing, sync: nothing, rename: nothing };
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };

export const check: Command = async (args, io) => {
  const options = readOptions(args, { options: { data: { type: "string" } } }, HELP, io);
  if (typeof options === "number") return options;
  const folder = dataFolder(options.values.data, io.env);
  const kinds = new Map(deviceKinds.map((kind) => [kind.kind, kind]));
  const settings = new Settings({ folder, env: io.env, kinds, clock: systemClock, log: silent, disk: readOnly });
  await settings.load();
  const { problems, vehicles, devices } = settings;
  for (const { message, nextStep } of problems) io.out(`${message}\n  ${nextStep}\n`);
  if (problems.length > 0) {
    io.out(`\n${problems.length === 1 ? "1 problem" : `${problems.length} problems`} in ${folder}\n`);
    return 1;
  }
  io.out(`${folder}: all in order, ${count(vehicles, "vehicle")}, ${count(devices, "device")}\n`);
  return 0;
};

const count = ({ length }: readonly unknown[], what: string): string => `${length} ${what}${length === 1 ? "" : "s"}`;
