/** The store against one row per sample in SQLite: speed, bytes kept, bytes written to the disk, and queries. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { env } from "node:process";
import { type Batch, BatchBuilder } from "#domain/batch.ts";
import { signalKey } from "#domain/ids.ts";
import { systemClock } from "#hub/system-clock.ts";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { LeafDecoder } from "#protocols/leaf/decoder.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { startStore } from "#store/start-store.ts";
import { can0, leaf } from "../household.ts";
import { ManualClock } from "../manual-clock.ts";
import { silentLog } from "../memory-garage.ts";
import { madeUpDrive, madeUpSignals } from "./made-up-drive.ts";
import { median, medianSeconds, report } from "./report.ts";
import { RowStore } from "./row-store.ts";

const START = Date.UTC(2026, 0, 1);
const peerName = "one row per sample";
const temporary = () => mkdtempDisposable(join(tmpdir(), "carport-bench-"));
const open = (folder: string, clock = new ManualClock(START)) => startStore({ folder, clock, log: silentLog });
const bytesIn = (folder: string) =>
  readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/** What Linux counts as sent to the disk by this process; sync first, so that it is all there. */
const bytesWritten = () => Number(/^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);

/** Ten minutes of driving again and again, so that what is measured is the going on and not the beginning. */
async function ingest(): Promise<void> {
  const seconds = 600;
  const batches = [...madeUpDrive(seconds, START)];
  const samples = batches.reduce((sum, { count }) => sum + count, 0);
  await using folder = await temporary();
  const store = open(folder.path, new ManualClock(START + 86_400_000));
  const rounds: number[] = [];
  for (let round = 0; round < 11; round++) {
    const started = performance.now();
    for (const [index, batch] of batches.entries()) {
      store.append(can0, leaf, batch);
      // As often as a bus gives the program time for something else.
      if (index % 20 === 0) await new Promise(setImmediate);
    }
    store.flush();
    rounds.push((performance.now() - started) / 1000);
    for (const { times } of batches) {
      for (const [row, time] of times.entries()) times[row] = time + seconds * 1000;
    }
  }
  store.close();

  await using peerFolder = await temporary();
  const peer = new RowStore(peerFolder.path);
  const started = performance.now();
  peer.append(batches);
  peer.close();
  const peerSeconds = (performance.now() - started) / 1000;
  report({
    name: "ingest, encoding and SQLite included",
    value: samples / median(rounds.slice(2)),
    unit: "samples/s",
    target: { atLeast: 5_000_000 },
    peer: samples / peerSeconds,
    peerName,
    note: "30 signals, batches of 50 samples",
  });
}

/** An hour in steps of 50 ms, flushed every 10 s and sealed every 5 minutes as at home. */
async function anHour(): Promise<void> {
  const seconds = 3600;
  await using folder = await temporary();
  const clock = new ManualClock(START);
  const before = bytesWritten();
  const store = open(folder.path, clock);
  let samples = 0;
  for (const batch of madeUpDrive(seconds, START)) {
    store.append(can0, leaf, batch);
    samples += batch.count;
    await clock.advance(50);
  }
  store.close();
  const written = bytesWritten() - before;

  await using peerFolder = await temporary();
  const peerBefore = bytesWritten();
  const peer = new RowStore(peerFolder.path);
  peer.append(madeUpDrive(seconds, START));
  peer.close();
  const peerWritten = bytesWritten() - peerBefore;
  const note = "one hour, 1,000 samples/s of 30 signals that share no times";
  report({
    name: "kept on the disk",
    value: bytesIn(folder.path) / samples,
    unit: "B/sample",
    target: { atMost: 1 },
    peer: bytesIn(peerFolder.path) / samples,
    peerName,
    note,
  });
  report({
    name: "written to the disk",
    value: written / samples,
    unit: "B/sample",
    peer: peerWritten / samples,
    peerName,
    note,
  });
}

async function readAll(): Promise<void> {
  const seconds = 10_000;
  await using folder = await temporary();
  const clock = new ManualClock(START);
  const filling = open(folder.path, clock);
  const peer = new RowStore(folder.path);
  for (const batch of madeUpDrive(seconds, START)) {
    filling.append(can0, leaf, batch);
    peer.append([batch]);
    await clock.advance(50);
  }
  peer.commit();
  filling.close();
  const store = open(folder.path);
  const query = { device: can0, signal: signalKey("signal_0"), from: START - 1000, to: START + 86_400_000 };
  const rows = store.read(query, 2_000_000).times.length;
  report({
    name: "read every sample of a signal",
    value: await milliseconds(() => store.read(query, 2_000_000)),
    unit: "ms",
    peer: await milliseconds(() => peer.read(0), 3),
    peerName,
    note: `${rows} of 10 million samples`,
  });
  report({
    name: "open a store",
    value: await milliseconds(() => open(folder.path).close()),
    unit: "ms",
    note: "10 million samples in it",
  });
  store.close();
  peer.close();
}

/** A week of ten signals, once a second. */
async function zoomOut(): Promise<void> {
  const seconds = 7 * 86_400;
  const minute = 60_000;
  await using folder = await temporary();
  const clock = new ManualClock(START);
  const filling = open(folder.path, clock);
  const peer = new RowStore(folder.path);
  const signals = madeUpSignals.slice(0, 10);
  for (let second = 0; second < seconds; second += 60) {
    const builder = new BatchBuilder(signals);
    for (let row = 0; row < 600; row++) {
      const time = START + second * 1000 + Math.floor(row / 10) * 1000;
      builder.add(row % 10, time, Math.round(Math.sin(time / 1e6) * 100));
    }
    const batch = builder.take();
    if (batch === undefined) continue;
    filling.append(can0, leaf, batch);
    peer.append([batch]);
    await clock.advance(minute);
  }
  peer.commit();
  filling.close();
  const store = open(folder.path);
  const week = { device: can0, signal: signalKey("signal_0"), from: START, to: START + seconds * 1000 };
  report({
    name: "chart of a week, 500 buckets",
    value: await milliseconds(() => store.downsample(week, 500)),
    unit: "ms",
    peer: await milliseconds(() => peer.downsample(0, Math.ceil((seconds * 1000) / 500)), 3),
    peerName,
    note: `${seconds} samples of one signal among ten`,
  });
  store.close();
  peer.close();
}

const milliseconds = async (work: () => unknown, rounds = 7) =>
  (await medianSeconds(() => void work(), { rounds })) * 1000;

function* decoded(path: string): Generator<Batch> {
  const decoder = new LeafDecoder();
  const builder = new BatchBuilder(decoder.signals);
  const reader = candumpLog.reader();
  let handedOver = 0;
  for (const frame of [...reader.read(readFileSync(path)), ...reader.end()]) {
    const batch = frame.time - handedOver >= 50 ? builder.take() : undefined;
    if (frame.time - handedOver >= 50) handedOver = frame.time;
    if (batch !== undefined) yield batch;
    decoder.decode(frame, builder);
  }
  decoder.flush(builder);
  const rest = builder.take();
  if (rest !== undefined) yield rest;
}

/** Feeds a recording as it came over the bus: flushed every 10 s. Returns its samples. */
async function replay(store: SeriesStore, clock: ManualClock, recording: string): Promise<number> {
  let samples = 0;
  for (const batch of decoded(recording)) {
    store.append(can0, leaf, batch);
    samples += batch.count;
    await clock.advance(50);
  }
  return samples;
}

async function recordings(): Promise<void> {
  const folder = resolve(env["CARPORT_REAL_DATA"] || "../shared/data", "leaf");
  if (!existsSync(folder)) return;
  await using together = await temporary();
  let all = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".log"))) {
    await using alone = await temporary();
    for (const [place, clock] of [
      [alone.path, new ManualClock(systemClock.now())],
      [together.path, new ManualClock(systemClock.now())],
    ] as const) {
      const store = open(place, clock);
      const samples = await replay(store, clock, join(folder, file));
      store.close();
      if (place === together.path) {
        all += samples;
        continue;
      }
      report({
        name: `kept of ${basename(file, ".log")}, alone in a new store`,
        value: bytesIn(place) / samples,
        unit: "B/sample",
        note: `${samples} samples, ${bytesIn(place)} bytes with the catalogue`,
      });
    }
  }
  report({
    name: "kept of all recordings in one store",
    value: bytesIn(together.path) / all,
    unit: "B/sample",
    target: { atMost: 1 },
    note: `${all} samples`,
  });
}

await ingest();
await anHour();
await readAll();
await zoomOut();
await recordings();
