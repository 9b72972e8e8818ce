import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import { recogniseLog } from "#protocols/can/logs/recognise.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { type LogReplayOptions, openLogReplay } from "./log-replay.ts";

const START = Date.UTC(2026, 0, 1);
let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-replay-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${++files}.log`);
  await writeFile(path, content);
  return path;
}

/** candump lines at these seconds, with ids 0, 1, 2 … */
const lines = (...seconds: readonly number[]): string =>
  seconds
    .map((second, i) => `(${second.toFixed(6)}) can0 ${(i % 0x800).toString(16).padStart(3, "0")}#00 R\n`)
    .join("");

async function replay(content: string | Uint8Array, options: Partial<LogReplayOptions> = {}) {
  const clock = new ManualClock(START);
  const path = await file(content);
  const settings = { path, recognise: recogniseLog, clock, speed: "unpaced", passes: 1, times: "recorded" } as const;
  return { clock, bus: await openLogReplay({ ...settings, ...options }) };
}

async function all(frames: AsyncIterable<readonly CanFrame[]>): Promise<CanFrame[]> {
  const taken: CanFrame[] = [];
  for await (const batch of frames) taken.push(...batch);
  return taken;
}
const times = async (frames: AsyncIterable<readonly CanFrame[]>) => (await all(frames)).map(({ time }) => time);

describe("what can be wrong with the file", () => {
  const open = (path: string) =>
    openLogReplay({ path, recognise: recogniseLog, clock: new ManualClock(), speed: 1, passes: 1, times: "now" });

  test("it is missing", () => expect(open(join(folder, "none"))).rejects.toMatchObject({ code: "CAN_LOG_MISSING" }));

  test("it is a folder", async () => {
    await mkdir(join(folder, "recordings.log"));
    await expect(open(join(folder, "recordings.log"))).rejects.toMatchObject({ code: "CAN_LOG_IS_FOLDER" });
  });

  test("its path goes through a file", async () => {
    await expect(open(join(await file("x"), "y"))).rejects.toMatchObject({ code: "CAN_LOG_MISSING" });
  });

  test("it is empty", async () => {
    await expect(open(await file(""))).rejects.toMatchObject({ code: "CAN_LOG_EMPTY" });
    await expect(open(await file(gzipSync("")))).rejects.toMatchObject({ code: "CAN_LOG_EMPTY" });
  });

  test("it is no recording, and the message says what is missing", async () => {
    const opening = open(await file("hello\n"));
    await expect(opening).rejects.toMatchObject({ code: "CAN_LOG_UNKNOWN" });
    await expect(opening).rejects.toThrow(/\.log \(no sign of a line in any dialect\)/);
  });

  test("it is MDF4", async () => {
    await expect(open(await file("MDF     4.10"))).rejects.toMatchObject({ code: "CAN_LOG_MDF4" });
  });

  test("there is no frame in it, which shows at its end with the first reason", async () => {
    const { bus } = await replay(";$FILEVERSION=2.1\nrubbish\n");
    const taking = all(bus.frames);
    await expect(taking).rejects.toMatchObject({ code: "CAN_LOG_NO_FRAMES" });
    await expect(taking).rejects.toThrow(/\(pcan-trc, line 2: no message number\)/);
  });

  test("it is compressed and damaged in the middle", async () => {
    const text = lines(...Array.from({ length: 20_000 }, (_, i) => i));
    const packed = gzipSync(text);
    packed.fill(0xff, packed.length / 2, packed.length / 2 + 100);
    const { bus } = await replay(packed);
    await expect(all(bus.frames)).rejects.toMatchObject({ code: "CAN_LOG_UNREADABLE" });
  });
});

test("a compressed recording is unpacked, and one that was cut off as far as it goes", async () => {
  const text = lines(...Array.from({ length: 20_000 }, (_, i) => 1_700_000_000 + i));
  for (const packed of [gzipSync(text), zstdCompressSync(text)]) {
    const { bus } = await replay(packed);
    expect(await all(bus.frames)).toHaveLength(20_000);
    expect(bus.counters).toEqual({ received: 20_000, dropped: 0, errorFrames: 0 });
    expect(bus.recording).toMatchObject({ dialect: "candump", timeBase: "utc" });
    const { bus: cut } = await replay(packed.subarray(0, packed.length / 2));
    expect((await all(cut.frames)).length).toBeGreaterThan(1000);
  }
});

test("unpaced, UTC times stay as recorded, whatever their order", async () => {
  const { bus } = await replay(lines(1_700_000_000, 1_700_000_010, 1_700_000_005.5));
  expect(await times(bus.frames)).toEqual([1_700_000_000_000, 1_700_000_010_000, 1_700_000_005_500]);
});

test("times of the recording's own are counted from now", async () => {
  const { bus } = await replay(lines(100, 100.5, 110));
  expect(await times(bus.frames)).toEqual([START, START + 500, START + 10_000]);
});

test("further passes go on behind the last one", async () => {
  const { bus } = await replay(lines(1_700_000_000, 1_700_000_001), { passes: 3 });
  expect((await times(bus.frames)).map((time) => time - 1_700_000_000_000)).toEqual([0, 1000, 1010, 2010, 2020, 3020]);
});

test("at its own pace a frame comes when it is due, with the time of then", async () => {
  const { clock, bus } = await replay(lines(50, 50.001, 51, 53), { speed: 1, times: "now" });
  const frames = bus.frames[Symbol.asyncIterator]();
  const next = async () => (await frames.next()).value?.map(({ time }: CanFrame) => time - START);
  expect(await next()).toEqual([0]);
  const second = next();
  await clock.untilSleeping();
  await clock.advance(5);
  expect(await second).toEqual([1]);
  const third = next();
  await clock.untilSleeping();
  await clock.advance(994.9);
  expect(clock.sleeping).toBe(1);
  await clock.advance(5);
  expect(await third).toEqual([1000]);
  const fourth = next();
  await clock.untilSleeping();
  await clock.advance(2000);
  expect(await fourth).toEqual([3000]);
  expect((await frames.next()).done).toBe(true);
});

test("at ten times the pace, ten seconds take one, and say so", async () => {
  const { clock, bus } = await replay(lines(0, 10), { speed: 10, times: "now" });
  const frames = bus.frames[Symbol.asyncIterator]();
  await frames.next();
  const last = frames.next();
  await clock.untilSleeping();
  await clock.advance(1000);
  expect((await last).value?.[0]?.time).toBe(START + 1000);
});

test("a large step back is played on from there, at once and without going back in time", async () => {
  const { bus } = await replay(lines(5000, 5001, 100, 101), { speed: "unpaced", times: "now" });
  expect((await times(bus.frames)).map((time) => time - START)).toEqual([0, 1000, 1010, 2010]);
});

test("closed while it waits for the next frame, it ends at once", async () => {
  const { clock, bus } = await replay(lines(0, 3600), { speed: 1, times: "now" });
  const taken = all(bus.frames);
  await clock.untilSleeping();
  await bus.close();
  expect(await taken).toHaveLength(1);
});

test("played again and again, it ends when it is closed", async () => {
  const { bus } = await replay(lines(1, 2), { passes: Number.POSITIVE_INFINITY });
  let batches = 0;
  for await (const _ of bus.frames) if (++batches === 5) await bus.close();
  expect(batches).toBe(5);
});

test("a recording that is gone at the second pass is an error then", async () => {
  const { bus } = await replay(lines(1, 2), { passes: 2 });
  await expect(
    (async () => {
      for await (const _ of bus.frames) await rm(bus.name);
    })(),
  ).rejects.toMatchObject({ code: "CAN_LOG_MISSING" });
});

test("no more of a large file is read than is asked for", async () => {
  const path = await file(lines(1));
  for (let i = 0; i < 20; i++) await appendFile(path, lines(...Array.from({ length: 5000 }, (_, k) => k)));
  const big = await openLogReplay({
    path,
    recognise: recogniseLog,
    clock: new ManualClock(),
    speed: "unpaced",
    passes: 1,
    times: "recorded",
  });
  const first = await big.frames[Symbol.asyncIterator]().next();
  expect(first.value?.length).toBeLessThan(10_000);
  expect(big.recording.counters.frames).toBeLessThan(10_000);
  await big.close();
});
