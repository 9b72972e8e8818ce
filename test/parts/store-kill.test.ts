import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { startStore } from "#store/start-store.ts";
import { ManualClock } from "../manual-clock.ts";
import { silentLog } from "../memory-garage.ts";
import { numbered, START } from "../store-numbers.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const writer = join(import.meta.dirname, "..", "store-writer.ts");

/** What another start finds, after SQLite's own check of the file. */
function found(folder: string): number {
  using database = new DatabaseSync(join(folder, "series.db"));
  expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  const store = startStore({ folder, clock: new ManualClock(START + 86_400_000), log: silentLog });
  const count = numbered(store);
  expect(store.counters()).toMatchObject({ setAside: [], damaged: 0 });
  store.close();
  return count;
}

const newest = (lines: string) => Number(lines.trim().split("\n").at(-1));

test("a store killed at any step of opening, flushing, sealing or closing has everything that was flushed, once", () => {
  using folder = temporaryFolder();
  let safe = 0;
  for (let step = 1; ; step++) {
    const { signal, status, stdout, stderr } = spawnSync(process.execPath, [writer, folder.path, `${step}`], {
      encoding: "utf8",
    });
    safe = Math.max(safe, newest(stdout));
    const count = found(folder.path);
    expect(count, `killed at step ${step}`).toBeGreaterThanOrEqual(safe);
    expect(count - safe, `killed at step ${step}`).toBeLessThanOrEqual(10);
    safe = count;
    if (signal === "SIGKILL") continue;
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(step).toBeGreaterThan(50);
    return;
  }
});

test("a store killed at any moment has everything that was flushed, once", async () => {
  using folder = temporaryFolder();
  let safe = 0;
  for (let life = 0; life < 25; life++) {
    const child = spawn(process.execPath, [writer, folder.path, "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const closed = once(child, "close");
    let flushes = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      safe = Number(line);
      // In the middle of what comes after: each life a little later.
      if (++flushes === 1 + (life % 7)) setTimeout(() => child.kill("SIGKILL"), life);
    }
    await closed;
    const count = found(folder.path);
    expect(count).toBeGreaterThanOrEqual(safe);
    expect(count - safe).toBeLessThanOrEqual(5000);
  }
  expect(safe).toBeGreaterThan(25 * 5000);
});
