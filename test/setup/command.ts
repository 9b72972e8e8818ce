import { spawn } from "node:child_process";

/** How much of a failed command's output its error carries. */
const TAIL = 3_000;

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly limitMs?: number;
}

/** Runs a program to its end and resolves with its standard output; rejects with the last it said when it fails. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { limitMs = 15 * 60_000, ...rest } = options;
  const child = spawn(program, args, { ...rest, timeout: limitMs, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let all = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    all = (all + text).slice(-TAIL);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    all = (all + text).slice(-TAIL);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ended with ${signal ?? `code ${code}`}:\n${all}`));
    });
  });
}
