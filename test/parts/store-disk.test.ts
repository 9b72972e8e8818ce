import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { BatchBuilder } from "#domain/batch.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { startStore } from "#store/start-store.ts";
import { can0, leaf } from "../household.ts";
import { KeptLog } from "../kept-log.ts";
import { ManualClock } from "../manual-clock.ts";
import { countUp, numbered, START } from "../store-numbers.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A file system of 400 KB of its own. */
class SmallDisk implements Disposable {
  readonly #folder = temporaryFolder();
  readonly path = this.#folder.path;

  constructor() {
    this.#run("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", this.path);
  }

  /** Another program takes all there is, but for `left` KB. */
  fill(left = 0): void {
    this.#run("dd", "if=/dev/zero", `of=${join(this.path, "other")}`, "bs=1k", `count=${this.#freeKilobytes() - left}`);
  }

  makeRoom(): void {
    rmSync(join(this.path, "other"));
  }

  remount(mode: "ro" | "rw"): void {
    this.#run("mount", "-o", `remount,${mode}`, this.path);
  }

  [Symbol.dispose](): void {
    this.#run("umount", "--lazy", this.path);
    this.#folder[Symbol.dispose]();
  }

  #freeKilobytes(): number {
    const { stdout } = spawnSync("df", ["--output=avail", "-k", this.path], { encoding: "utf8" });
    return Number(stdout.split("\n")[1]);
  }

  #run(program: string, ...args: string[]): void {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  }
}

/** Appends the numbers from `first` on, which do not pack well in the second signal. */
function append(store: SeriesStore, first: number, count: number): void {
  const builder = new BatchBuilder(countUp, 2 * count);
  for (let n = first; n < first + count; n++) {
    builder.add(0, START + n, n);
    builder.add(1, START + n, -n);
  }
  const batch = builder.take();
  if (batch !== undefined) store.append(can0, leaf, batch);
}

function canMount(): boolean {
  try {
    new SmallDisk()[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.env["CI"] !== "true" && !canMount())("on a disk of its own (needs the right to mount)", () => {
  const open = (folder: string, log = new KeptLog()) => {
    const clock = new ManualClock(START + 86_400_000);
    return { store: startStore({ folder, clock, log }), clock, log };
  };

  test("a full disk takes nothing, says so, and gets everything once there is room", async () => {
    using disk = new SmallDisk();
    const { store, clock, log } = open(disk.path);
    append(store, 0, 1000);
    store.flush();
    disk.fill();
    for (let part = 1; part < 30; part++) {
      append(store, part * 1000, 1000);
      await clock.advance(10_000);
    }
    const { fault, waiting, stored, dropped } = store.counters();
    expect(fault?.code).toBe("STORE_DISK_FULL");
    expect(waiting).toBeGreaterThan(0);
    expect([waiting + stored, dropped]).toEqual([60_000, 0]);
    expect(numbered(store)).toBe(30_000);
    disk.makeRoom();
    await clock.advance(10_000);
    expect(store.counters()).toMatchObject({ stored: 60_000, waiting: 0, fault: undefined });
    store.close();
    expect(numbered(open(disk.path).store)).toBe(30_000);
    expect(log.lines.filter((line) => line.includes("STORE_DISK_FULL"))).toHaveLength(1);
    expect(log.lines.at(-1)).toContain("reaches the disk again");
  });

  test("a disk that is full from the start keeps the store waiting for room, and its history is found again", async () => {
    using disk = new SmallDisk();
    const before = open(disk.path).store;
    append(before, 0, 1000);
    before.close();
    disk.fill();
    const { store, clock } = open(disk.path);
    append(store, 1000, 1000);
    await clock.advance(60_000);
    expect(store.counters().fault).toBeDefined();
    expect(store.counters()).toMatchObject({ waiting: 2000, dropped: 0 });
    disk.makeRoom();
    await clock.advance(10_000);
    expect(store.counters()).toMatchObject({ waiting: 0, fault: undefined });
    expect(numbered(store)).toBe(2000);
    store.close();
    expect(numbered(open(disk.path).store)).toBe(2000);
  });

  test("sealing that finds no room leaves the flushed samples where they are, and succeeds later", async () => {
    using disk = new SmallDisk();
    const { store, clock } = open(disk.path);
    for (let part = 0; part < 20; part++) {
      append(store, part * 1000, 1000);
      store.flush();
    }
    disk.fill(4);
    await clock.advance(20 * 60_000);
    expect(store.counters().fault?.code).toBe("STORE_DISK_FULL");
    expect(numbered(store)).toBe(20_000);
    disk.makeRoom();
    await clock.advance(10 * 60_000);
    expect(store.counters().fault).toBeUndefined();
    expect(numbered(store)).toBe(20_000);
    store.close();
    expect(numbered(open(disk.path).store)).toBe(20_000);
  });

  test("a read-only disk keeps the store waiting until it can be written", async () => {
    using disk = new SmallDisk();
    const before = open(disk.path).store;
    append(before, 0, 1000);
    before.close();
    // The last sync may still be under way in the background.
    await vi.waitFor(() => disk.remount("ro"));
    const { store, clock, log } = open(disk.path);
    append(store, 1000, 1000);
    await clock.advance(60_000);
    expect(store.counters()).toMatchObject({ waiting: 2000, fault: { code: "STORE_UNAVAILABLE" } });
    disk.remount("rw");
    await clock.advance(10_000);
    expect(store.counters()).toMatchObject({ waiting: 0, fault: undefined });
    store.close();
    expect(numbered(open(disk.path).store)).toBe(2000);
    expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(1);
  });
});
