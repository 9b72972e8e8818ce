import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { can0, gear, leaf, quantity } from "../../test/household.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { all, current, drive, MINUTE, openStore, rows, START, voltage } from "../../test/store-samples.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";

const latitude = quantity("latitude", { unit: "°" });

describe("samples come back as they went in", () => {
  test("from memory, from a hot row, from chunks and after a restart", async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START);
    const store = openStore(folder.path, clock);
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
    const later = openStore(folder.path);
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
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(), fc.nat(200_000), async (steps, pick, span) => {
        using folder = temporaryFolder();
        let clock = new ManualClock(START);
        let store = openStore(folder.path, clock);
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
            store = openStore(folder.path, clock);
          }
        }
        for (const [index, signal] of signals.entries()) {
          const own = kept.filter((row) => row[0] === index).toSorted((a, b) => a[1] - b[1]);
          const expected = own.map(([, time, value]) => [time, value] as const);
          expect(all(store, signal)).toEqual(expected);
          // Its edges are just where samples are.
          const [from = START] = expected[pick % expected.length] ?? [];
          const range = { from, to: from + span };
          expect(all(store, signal, range)).toEqual(expected.filter(([time]) => time >= from && time < range.to));
          const last = store.channels().find((channel) => channel.signal.key === signal.key)?.last;
          expect(last?.time).toBe(own.at(-1)?.[1]);
        }
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  test("in the range that was asked for, its end not included", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    store.append(can0, leaf, drive(1000));
    store.flush();
    expect(all(store, voltage, { from: START + 100, to: START + 130 }).map(([time]) => time)).toEqual([
      START + 100,
      START + 110,
      START + 120,
    ]);
    store.close();
    const sealed = openStore(folder.path);
    expect(all(sealed, voltage, { from: START + 9_980, to: START + 10_000 })).toHaveLength(2);
    expect(all(sealed, voltage, { from: START + 10_000 })).toHaveLength(0);
    expect(all(sealed, voltage, { to: START })).toHaveLength(0);
    expect(all(sealed, voltage, { from: Number.NaN })).toHaveLength(0);
    sealed.close();
  });

  test("in the order they came where they have the same time", () => {
    using folder = temporaryFolder();
    // Alone and together with another signal they are sealed to different places.
    for (const batch of [
      rows([voltage], [[0, START, 1]]),
      rows(
        [voltage, current],
        [
          [0, START, 2],
          [1, START, 2],
        ],
      ),
      rows([voltage], [[0, START, 3]]),
    ]) {
      const store = openStore(folder.path);
      store.append(can0, leaf, batch);
      store.close();
    }
    const store = openStore(folder.path);
    store.append(can0, leaf, rows([voltage], [[0, START, 4]]));
    store.flush();
    store.append(can0, leaf, rows([voltage], [[0, START, 5]]));
    expect(all(store).map(([, value]) => value)).toEqual([1, 2, 3, 4, 5]);
    expect(store.channels()[0]?.last?.value).toBe(5);
    store.close();
  });

  test("more than fit into memory at once", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    const batch = drive(70_000);
    store.append(can0, leaf, batch);
    expect(store.counters()).toMatchObject({ appended: 210_000, stored: 3 * 65_536, waiting: 210_000 - 3 * 65_536 });
    store.close();
    const later = openStore(folder.path);
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
    const store = openStore(folder.path, clock);
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
    const store = openStore(folder.path);
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

test("a store that gets nothing has no timer running, and one that is closed takes nothing and stays closed", async () => {
  using folder = temporaryFolder();
  const clock = new ManualClock(START);
  const store = openStore(folder.path, clock);
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
  expect(all(openStore(folder.path))).toHaveLength(1);
});
