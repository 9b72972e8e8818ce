import { setFlagsFromString } from "node:v8";
import { runCommand } from "./commands.ts";

/** Runs a command as a process: its signals, its streams and its exit code. */
export async function runProcess(args: readonly string[]): Promise<never> {
  // V8 lets the space for young objects grow as far as the machine allows. Kept as it begins, the demo garage takes 50 MB
  // less and decodes as fast (docs/performance.md).
  setFlagsFromString("--semi-space-growth-factor=1");
  const ended = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      // Asked twice: whoever asks does not want to wait.
      if (ended.signal.aborted) process.exit(130);
      ended.abort();
    });
  }
  // Whoever read our output has gone, as in `carport decode FILE | head`: there is nobody left to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
  const code = await runCommand(args, {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    signal: ended.signal,
  });
  process.exit(code);
}
