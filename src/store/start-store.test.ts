import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batch, BatchBuilder } from "#domain/batch.ts";
import type { Signal } from "#domain/signal.ts";
import { can0, charging, deviceId, gear, leaf, quantity, samples, van } from "../../test/household.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { silentLog } from "../../test/memory-garage.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import type { SeriesStore } from "./series-store.ts";
import { startStore } from "./start-store.ts";

const START = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const voltage = quantity("pack_voltage", { unit: "V", quantum: { scale: 0.5, offset: 0 } });
const current = quantity("pack_current", { unit: "A", quantum: { scale: -0.5, offset: 0 } });
const latitude = quantity("latitude", { unit: "°" });

function open(folder: string, clock = new ManualClock(START)): SeriesStore {
  return startStore({ folder, clock, log: silentLog });
}

function rows(signals: readonly Signal[], rows: readonly (readonly [number, number, number])[]): Batch {
  const builder = new BatchBuilder(signals);
  for (const [index, time, value] of rows) builder.add(index, time, value);
  return (
    builder.take() ?? {
      signals,
      count: 0,
      index: new Uint16Array(),
      times: new Float64Array(),
      values: new Float64Array(),
    }
  );
}

/** All of a signal, as pairs. */
function all(store: SeriesStore, signal: Signal = voltage, range: { from?: number; to?: number } = {}) {
  const { times, values } = store.read({
    device: can0,
    signal: signal.key,
    from: 0,
    to: Date.UTC(2060, 0, 1),
    ...range,
  });
  return Array.from(times, (time, i) => [time, values[i] ?? Number.NaN]);
}

/** A drive: three signals of one frame every 10 ms. */
function drive(count: number, start = START): Batch {
  const builder = new BatchBuilder([voltage, current, charging], 3 * count);
  for (let i = 0; i < count; i++) {
    builder.add(0, start + i * 10, 380 + (i % 7) * 0.5);
    builder.add(1, start + i * 10, -(i % 40) * 0.5);
    builder.add(2, start + i * 10, i & 1);
  }
  return builder.take() ?? rows([], []);
}

describe("samples come back as they went in", () => {
  test("from memory, from a hot row, from chunks and after a restart", async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START);
    const store = open(folder.path, clock);
    const expected = [
      [START, 380.5],
      [START + 10, 381],
      [START + 20, 380.5],
    ];
    store.append(
      can0,
      leaf,
      rows(
        [voltage],
        [
          [0, START, 380.5],
          [0, START + 10, 381],
          [0, START + 20, 380.5],
        ],
      ),
    );
    expect(all(store)).toEqual(expected);
    expect(store.counters()).toMatchObject({ appended: 3, stored: 0, waiting: 3 });
    await clock.advance(10_000);
    expect(all(store)).toEqual(expected);
    expect(store.counters()).toMatchObject({ appended: 3, stored: 3, waiting: 0 });
    await clock.advance(6 * MINUTE);
    expect(all(store)).toEqual(expected);
    store.close();
    const later = open(folder.path);
    expect(all(later)).toEqual(expected);
    later.close();
  });

  test("whatever is appended, flushed, sealed, and cut off by a crash in whatever order", async () => {
    const signals = [voltage, current, latitude, gear];
    const sample = fc.record({
      index: fc.nat(3),
      // Late ones and several at the same time among them.
      ahead: fc.oneof(fc.nat(50), fc.integer({ min: -3 * 86_400_000, max: MINUTE })),
      value: fc.oneof(
        fc.integer({ min: -1000, max: 1000 }).map((raw) => raw / 2),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
    });
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.array(sample, { maxLength: 30 }) },
      fc.constantFrom("flush", "seal", "restart", "crash"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        using folder = temporaryFolder();
        let clock = new ManualClock(START);
        let store = open(folder.path, clock);
        let kept: (readonly [number, number, number])[] = [];
        let flushed = 0;
        for (const step of steps) {
          const now = clock.now();
          if (typeof step === "object") {
            const batch = step.map(({ index, ahead, value }) => [index, now + ahead, value + 0] as const);
            store.append(can0, leaf, rows(signals, batch));
            kept.push(...batch);
            continue;
          }
          if (step === "seal") await clock.advance(6 * MINUTE);
          if (step === "flush") store.flush();
          if (step === "restart") store.close();
          // What a crash leaves: the file as it is, with its log.
          if (step === "crash") kept = kept.slice(0, flushed);
          flushed = kept.length;
          if (step === "restart" || step === "crash") {
            clock = new ManualClock(now);
            store = open(folder.path, clock);
          }
        }
        for (const [index, signal] of signals.entries()) {
          const own = kept.filter((row) => row[0] === index).toSorted((a, b) => a[1] - b[1]);
          expect(all(store, signal)).toEqual(own.map(([, time, value]) => [time, value]));
          const last = store.channels().find((channel) => channel.signal.key === signal.key)?.last;
          expect(last?.time).toBe(own.at(-1)?.[1]);
        }
        store.close();
      }),
      { numRuns: 40 },
    );
  });

  test("in the range that was asked for, its end not included", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, drive(1000));
    store.flush();
    expect(all(store, voltage, { from: START + 100, to: START + 130 }).map(([time]) => time)).toEqual([
      START + 100,
      START + 110,
      START + 120,
    ]);
    store.close();
    const sealed = open(folder.path);
    expect(all(sealed, voltage, { from: START + 9_980, to: START + 10_000 })).toHaveLength(2);
    expect(all(sealed, voltage, { from: START + 10_000 })).toHaveLength(0);
    expect(all(sealed, voltage, { to: START })).toHaveLength(0);
    expect(all(sealed, voltage, { from: Number.NaN })).toHaveLength(0);
    sealed.close();
  });

  test("more than fit into memory at once", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    const batch = drive(70_000);
    store.append(can0, leaf, batch);
    expect(store.counters()).toMatchObject({ appended: 210_000, stored: 3 * 65_536, waiting: 210_000 - 3 * 65_536 });
    store.close();
    const later = open(folder.path);
    for (const [index, signal] of batch.signals.entries()) {
      const { values } = later.read({ device: can0, signal: signal.key, from: 0, to: Date.UTC(2060, 0) });
      const expected = batch.values.filter((_, row) => batch.index[row] === index);
      expect(Buffer.from(values.buffer).equals(Buffer.from(expected.map((value) => value + 0).buffer))).toBe(true);
    }
    later.close();
  });

  test("while they are being sealed, at every step of it", async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START);
    const store = open(folder.path, clock);
    for (let part = 0; part < 5; part++) {
      store.append(can0, leaf, drive(100, START + part * 1000));
      store.flush();
    }
    const expected = all(store);
    const sealing = clock.advance(6 * MINUTE);
    for (let turn = 0; turn < 30; turn++) {
      expect(all(store)).toEqual(expected);
      await new Promise(setImmediate);
    }
    await sealing;
    expect(all(store)).toEqual(expected);
    using database = new DatabaseSync(join(folder.path, "series.db"), { readOnly: true });
    expect(
      database.prepare("SELECT (SELECT count(*) FROM hot) AS hot, (SELECT sum(count) FROM chunk) AS sealed").get(),
    ).toEqual({ hot: 0, sealed: 500 });
    store.close();
  });

  test("to another program that reads the file meanwhile", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, drive(10));
    store.flush();
    using reader = new DatabaseSync(join(folder.path, "series.db"), { readOnly: true });
    reader.exec("BEGIN");
    expect(reader.prepare("SELECT count(*) AS rows FROM hot").get()).toEqual({ rows: 1 });
    store.append(can0, leaf, drive(10, START + MINUTE));
    store.flush();
    expect(store.counters()).toMatchObject({ stored: 60, fault: undefined });
    expect(reader.prepare("SELECT count(*) AS rows FROM hot").get()).toEqual({ rows: 1 });
    store.close();
  });
});

describe("a chart", () => {
  test("gets the smallest, largest and mean of each bucket, however the samples are kept", async () => {
    const steps = fc.array(fc.constantFrom("flush", "seal", "restart", "go on"), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.nat(100_000),
        fc.nat(400_000),
        fc.integer({ min: 1, max: 40 }),
        async (steps, begin, span, buckets) => {
          using folder = temporaryFolder();
          let clock = new ManualClock(START);
          let store = open(folder.path, clock);
          for (const [part, step] of steps.entries()) {
            store.append(can0, leaf, drive(200, START + part * 50_000));
            if (step === "flush") store.flush();
            if (step === "seal") await clock.advance(6 * MINUTE);
            if (step !== "restart") continue;
            store.close();
            clock = new ManualClock(START + part * 50_000);
            store = open(folder.path, clock);
          }
          const range = { device: can0, signal: current.key, from: START + begin, to: START + begin + span };
          const { times, values } = store.read(range);
          const chart = store.downsample(range, buckets);
          expect(chart.times.length).toBeLessThanOrEqual(buckets);
          const grouped = Map.groupBy(times.keys(), (i) => Math.floor(((times[i] ?? 0) - range.from) / chart.widthMs));
          expect([...chart.times]).toEqual([...grouped.keys()].map((bucket) => range.from + bucket * chart.widthMs));
          for (const [at, rows] of [...grouped.values()].entries()) {
            const own = rows.map((row) => values[row] ?? 0);
            expect(chart.count[at]).toBe(own.length);
            expect(chart.min[at]).toBe(Math.min(...own));
            expect(chart.max[at]).toBe(Math.max(...own));
            expect(chart.mean[at]).toBeCloseTo(own.reduce((a, b) => a + b) / own.length, 9);
          }
          store.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of a wide range is drawn from statistics: no sample is read", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, drive(3000));
    store.close();
    using database = new DatabaseSync(join(folder.path, "series.db"));
    database.exec("UPDATE block SET data = x'00'");
    const later = open(folder.path);
    const wide = { device: can0, signal: voltage.key, from: START - MINUTE, to: START + MINUTE };
    const { count, min, max } = later.downsample(wide, 1);
    expect([[...count], [...min], [...max]]).toEqual([[3000], [380], [383]]);
    expect(later.counters().damaged).toBe(0);
    later.close();
  });

  test("of all time, of nothing and of nonsense comes without an error", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, drive(10));
    const chart = (from: number, to: number, buckets = 10) => [
      ...store.downsample({ device: can0, signal: voltage.key, from, to }, buckets).count,
    ];
    expect(chart(0, Number.POSITIVE_INFINITY)).toEqual([10]);
    expect(chart(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0)).toEqual([10]);
    expect(chart(START, START)).toEqual([]);
    expect(chart(START + 10, START)).toEqual([]);
    expect(chart(Number.NaN, Number.NaN)).toEqual([]);
    store.close();
  });
});

describe("what is refused is counted", () => {
  test("values that are none, and samples of no signal", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    const nonsense = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    store.append(
      can0,
      leaf,
      rows([voltage], [...nonsense.map((value) => [0, START, value] as const), [7, START, 1], [0, START, 1]]),
    );
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 4 });
    store.close();
  });

  test("times before 2010, more than a day ahead of the clock, or none at all", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    const times = [
      0,
      Date.UTC(2007, 1, 3),
      START + 25 * 60 * MINUTE,
      Date.UTC(2076, 5, 1),
      Number.NaN,
      START + 23 * 60 * MINUTE,
      Date.UTC(2011, 0),
    ];
    store.append(
      can0,
      leaf,
      rows(
        [voltage],
        times.map((time) => [0, time, 1] as const),
      ),
    );
    expect(store.counters()).toMatchObject({ appended: 2, rejected: 5 });
    store.close();
  });

  test("everything from 2060 on when the clock itself has jumped 50 years; afterwards all goes on", () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START);
    const store = open(folder.path, clock);
    const fiftyYears = 50 * 365.25 * 24 * 60 * MINUTE;
    clock.jump(fiftyYears);
    store.append(can0, leaf, samples(clock.now(), [voltage, 1]));
    clock.jump(-fiftyYears);
    store.append(can0, leaf, samples(clock.now(), [voltage, 2]));
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 1 });
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 2 });
    store.close();
  });

  test("while a clock that begins at 1970 does not keep out samples that know their time from elsewhere", () => {
    using folder = temporaryFolder();
    const store = open(folder.path, new ManualClock(5000));
    store.append(
      can0,
      leaf,
      rows(
        [voltage],
        [
          [0, 5000, 1],
          [0, START, 2],
        ],
      ),
    );
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 1 });
    store.close();
  });
});

describe("a channel", () => {
  test("shows its newest value right after opening, of what was sealed and of what was only flushed", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380], [gear, 4]));
    store.close();
    const crashed = open(folder.path);
    crashed.append(can0, leaf, samples(START + 5, [voltage, 381]));
    crashed.flush();
    const later = open(folder.path);
    expect(later.channels().map(({ signal, last }) => [signal, last])).toEqual([
      [voltage, { time: START + 5, value: 381 }],
      [gear, { time: START, value: 4 }],
    ]);
    later.close();
  });

  test("keeps its newest value when older samples come in later", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(can0, leaf, samples(START - 86_400_000, [voltage, 300]));
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 380 });
    store.close();
    expect(open(folder.path).channels()[0]?.last).toEqual({ time: START, value: 380 });
  });

  test("leaves a value of a time that the clock has since shown to be wrong", () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START + 400 * 86_400_000);
    const store = open(folder.path, clock);
    store.append(can0, leaf, samples(clock.now(), [voltage, 300]));
    clock.jump(-400 * 86_400_000);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 380 });
    store.close();
  });

  test("stays with its vehicle when the device moves to another one", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(can0, van, samples(START + 10, [voltage, 12]));
    store.append(can0, undefined, samples(START + 20, [voltage, 0]));
    store.close();
    const later = open(folder.path);
    expect(later.channels().map(({ vehicle, last }) => [vehicle, last?.value])).toEqual([
      [leaf, 380],
      [van, 12],
      [undefined, 0],
    ]);
    const read = (vehicle?: typeof leaf) => [
      ...later.read({ device: can0, signal: voltage.key, from: 0, to: START + 100, ...(vehicle && { vehicle }) })
        .values,
    ];
    expect(read(leaf)).toEqual([380]);
    expect(read(van)).toEqual([12]);
    expect(read()).toEqual([380, 12, 0]);
    later.close();
  });

  test("of one device is not mixed up with that of another that reports the same signals at the same times", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    const other = deviceId("can1");
    store.append(can0, leaf, samples(START, [voltage, 380]));
    store.append(other, leaf, samples(START, [voltage, 390]));
    store.close();
    const later = open(folder.path);
    expect(all(later)).toEqual([[START, 380]]);
    expect([...later.read({ device: other, signal: voltage.key, from: 0, to: START + 1 }).values]).toEqual([390]);
    later.close();
  });

  test("keeps what it has when a new version of Carport describes its signal better", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, samples(START, [voltage, 380.5]));
    store.close();
    const better = quantity("pack_voltage", { unit: "V", name: "Pack voltage", quantum: { scale: 0.1, offset: 0 } });
    const later = open(folder.path);
    later.append(can0, leaf, samples(START + 10, [better, 380.7]));
    expect(later.channels()).toMatchObject([{ signal: better }]);
    later.close();
    const last = open(folder.path);
    expect(last.channels()).toMatchObject([{ signal: better }]);
    expect(all(last)).toEqual([
      [START, 380.5],
      [START + 10, 380.7],
    ]);
    last.close();
  });

  test("is another one once its unit has changed, so that old numbers are not read in the new unit", () => {
    using folder = temporaryFolder();
    const store = open(folder.path);
    store.append(can0, leaf, samples(START, [quantity("range", { unit: "mi" }), 60]));
    store.append(can0, leaf, samples(START + 10, [quantity("range", { unit: "km" }), 100]));
    expect(all(store, quantity("range"))).toEqual([[START + 10, 100]]);
    expect(store.channels().map(({ last }) => last?.value)).toEqual([60, 100]);
    store.close();
  });
});

test("a range with too many samples is refused before they are decoded", () => {
  using folder = temporaryFolder();
  const store = open(folder.path);
  store.append(can0, leaf, drive(1000));
  store.close();
  const later = open(folder.path);
  const query = { device: can0, signal: voltage.key, from: 0, to: START + MINUTE };
  expect(() => later.read(query, 999)).toThrow("STORE_RANGE_TOO_LARGE");
  expect(later.read(query, 1000).times).toHaveLength(1000);
  later.close();
});

test("a store that gets nothing has no timer running, and one that is closed takes nothing and stays closed", async () => {
  using folder = temporaryFolder();
  const clock = new ManualClock(START);
  const store = open(folder.path, clock);
  expect(clock.sleeping).toBe(0);
  store.append(can0, leaf, drive(1));
  expect(clock.sleeping).toBe(1);
  await clock.advance(10 * MINUTE);
  expect(clock.sleeping).toBe(0);
  store.close();
  store.close();
  store.append(can0, leaf, drive(1));
  store.flush();
  expect(clock.sleeping).toBe(0);
  expect(all(open(folder.path))).toHaveLength(1);
});
