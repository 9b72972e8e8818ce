import { didYouMean } from "#domain/did-you-mean.ts";
import type { Command, Io } from "./io.ts";

interface Entry {
  readonly summary: string;
  /** Loaded when it is called: `carport --help` must not wait for a database. */
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  run: {
    summary: "run Carport; without a configuration, the demo garage",
    load: async () => (await import("./run.ts")).run,
  },
  check: {
    summary: "check all settings and say what to do about each problem",
    load: async () => (await import("./check.ts")).check,
  },
  doctor: {
    summary: "say for each device which link on the way to Home Assistant is broken",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  decode: {
    summary: "print what is in a CAN recording, or convert it",
    load: async () => (await import("./decode.ts")).decode,
  },
  scan: {
    summary: "list the battery monitors near by",
    load: async () => (await import("./scan.ts")).scan,
  },
  read: {
    summary: "read a battery monitor",
    load: async () => (await import("./read.ts")).read,
  },
  history: {
    summary: "print what a battery monitor remembers",
    load: async () => (await import("./history.ts")).history,
  },
  simulate: {
    summary: "let a simulated vehicle live on a CAN interface",
    load: async () => (await import("./simulate.ts")).simulate,
  },
};

/** Runs `carport <args>`. */
export async function runCommand(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-V") {
    const { version } = await import("../about.ts");
    io.out(`carport ${version}\n`);
    return 0;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const command = commands[rest[0] ?? ""];
    if (command) return await (await command.load())(["--help"], io);
    io.out(help());
    return 0;
  }
  if (name === undefined) {
    io.err(help());
    return 2;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const meant = didYouMean(name, Object.keys(commands));
    io.err(`carport: there is no command "${name}".${meant === undefined ? "" : ` Did you mean "${meant}"?`}\n`);
    io.err('Try "carport --help".\n');
    return 2;
  }
  return await (await command.load())(rest, io);
}

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Carport brings every vehicle of a household into Home Assistant.

Usage: carport <command> [options]

${lines.join("\n")}

  carport <command> --help   what a command does and takes
  carport --version
`;
}
