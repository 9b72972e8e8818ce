import { CarportError } from "#domain/error.ts";
import { type Carport, startCarport } from "../carport.ts";
import { openDemo, wantsDemo } from "../demo.ts";
import { DATA_HELP, dataFolder } from "./data-folder.ts";
import type { Command } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Runs Carport until it is stopped (Ctrl-C, SIGTERM). Without a configuration it opens the demo garage.

Usage: carport run [--data FOLDER] [--demo]

${DATA_HELP}
  --demo          the demo garage even where there is a configuration; its data are in FOLDER/demo
`;

/** A clean stop takes no longer; together with the rest of the way out it is 5 s. */
const STOP_LIMIT_MS = 4_900;

export const run: Command = async (args, io) => {
  const options = readOptions(args, { options: { data: { type: "string" }, demo: { type: "boolean" } } }, HELP, io);
  if (typeof options === "number") return options;
  const data = dataFolder(options.values.data, io.env);

  let carport: Carport | undefined;
  let code = 0;
  const crashed = new AbortController();
  const signal = AbortSignal.any([io.signal, crashed.signal]);
  const report = (fault: CarportError, error?: unknown) => {
    const text = `${fault.message} ${fault.nextStep}`;
    if (carport) carport.log.error(text, { error });
    else io.err(`${text}\n${String(error)}\n`);
  };
  // What state the process is in nobody knows from here on: what was measured is sealed, and whoever started us starts us
  // again (the Supervisor, Docker, systemd).
  const crash = (error: unknown) => {
    code = 1;
    report(new CarportError("INTERNAL", "Carport"), error);
    crashed.abort();
  };
  process.on("uncaughtException", crash).on("unhandledRejection", crash);
  const limit = () => {
    setTimeout(() => {
      report(new CarportError("STOP_OVERDUE", "Carport"));
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
  };
  signal.addEventListener("abort", limit, { once: true });

  try {
    const wanted = options.values.demo === true || (await wantsDemo(data, io.env));
    const demo = wanted ? await openDemo({ data, env: io.env, signal, failed: crash }) : undefined;
    carport = await startCarport({ data, env: io.env, ...demo, write: io.out, signal });
    await carport.stopped;
    await demo?.close();
  } catch (error) {
    crash(error);
  }
  return code;
};
