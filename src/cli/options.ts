import { type ParseArgsConfig, parseArgs } from "node:util";
import { didYouMean } from "#domain/did-you-mean.ts";
import type { Io } from "./io.ts";

/**
 * Reads a command's options and arguments. A number is the exit code with which the command is to end: 0 after `--help`,
 * 2 on wrong usage; what there is to say has then been said.
 */
export function readOptions<const Config extends ParseArgsConfig>(
  args: readonly string[],
  config: Config,
  help: string,
  io: Io,
) {
  if (args.includes("--help") || args.includes("-h")) {
    io.out(help);
    return 0;
  }
  try {
    return parseArgs({ ...config, args: [...args] });
  } catch (error) {
    // Node's hint on arguments that begin with a dash helps nobody who has mistyped an option.
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    const [, unknown] = /Unknown option '(-[^']*)'/.exec(what) ?? [];
    const meant = unknown === undefined ? undefined : didYouMean(unknown, names(config));
    io.err(`${what}.${meant === undefined ? "" : ` Did you mean ${meant}?`}\n\n${help}`);
    return 2;
  }
}

const names = ({ options = {} }: ParseArgsConfig): string[] => Object.keys(options).map((name) => `--${name}`);
