import { runProcess } from "./cli/process.ts";

const args = process.argv.slice(2);
await runProcess(args[0] === "run" ? args : ["run", ...args]);
