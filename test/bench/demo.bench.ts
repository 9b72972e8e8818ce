/** `npm start` as a newcomer meets it: how soon the page answers, and how much memory the demo garage takes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { freePort } from "../setup/free-port.ts";
import { until } from "../setup/until.ts";
import { median, report } from "./report.ts";

const ROUNDS = 3;
/** Past the first seal of the store, five minutes after the start. */
const LIVED_MS = 330_000;
const root = join(import.meta.dirname, "../..");

const starts: number[] = [];
for (let round = 0; round < ROUNDS; round++) starts.push(await demo(async () => undefined));
report({
  name: "npm start to the page, set up",
  value: median(starts),
  unit: "s",
  target: { atMost: 3 },
  note: `median of ${ROUNDS}, npm and the set-up script included`,
});

let first = 0;
let resident = 0;
await demo(async (url) => {
  await sleep(20_000);
  first = await memory(url);
  await sleep(LIVED_MS - 20_000);
  resident = await memory(url);
});
report({ name: "demo garage, resident after 20 s", value: first, unit: "MB", target: { atMost: 150 } });
report({
  name: "demo garage, resident after 5.5 min",
  value: resident,
  unit: "MB",
  target: { atMost: 150 },
  note: "the first seal of the store is at 5 min",
});

/** Runs `npm start` in a data folder of its own; returns the seconds until its page answered. */
async function demo(use: (url: string) => Promise<void>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "carport-demo-"));
  const port = await freePort();
  const started = performance.now();
  const child = spawn("npm", ["start", "--silent"], {
    cwd: root,
    env: { PATH: env["PATH"], HOME: env["HOME"], CARPORT_DATA: folder, CARPORT_HTTP_PORT: String(port) },
    stdio: "ignore",
    // A group of its own, so that npm, its shell and Carport are told to stop together.
    detached: true,
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until("the page", 60, async () => (await fetch(url)).ok);
    const seconds = (performance.now() - started) / 1000;
    await use(url);
    return seconds;
  } finally {
    const ended = once(child, "exit");
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function memory(url: string): Promise<number> {
  const system = z.object({
    data: z.object({ attributes: z.object({ memory: z.object({ residentBytes: z.number() }) }) }),
  });
  return system.parse(await (await fetch(`${url}/api/system`)).json()).data.attributes.memory.residentBytes / 1e6;
}
