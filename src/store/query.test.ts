import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { can0, leaf } from "../../test/household.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { current, drive, MINUTE, openStore, START, voltage } from "../../test/store-samples.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";

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
          let store = openStore(folder.path, clock);
          for (const [part, step] of steps.entries()) {
            store.append(can0, leaf, drive(200, START + part * 50_000));
            if (step === "flush") store.flush();
            if (step === "seal") await clock.advance(6 * MINUTE);
            if (step !== "restart") continue;
            store.close();
            clock = new ManualClock(START + part * 50_000);
            store = openStore(folder.path, clock);
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
    const store = openStore(folder.path);
    store.append(can0, leaf, drive(3000));
    store.close();
    using database = new DatabaseSync(join(folder.path, "series.db"));
    database.exec("UPDATE block SET data = x'00'");
    const later = openStore(folder.path);
    const wide = { device: can0, signal: voltage.key, from: START - MINUTE, to: START + MINUTE };
    const { count, min, max } = later.downsample(wide, 1);
    expect([[...count], [...min], [...max]]).toEqual([[3000], [380], [383]]);
    expect(later.counters().damaged).toBe(0);
    later.close();
  });

  test("of all time, of nothing and of nonsense comes without an error", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
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

test("a range with too many samples is refused before they are decoded", () => {
  using folder = temporaryFolder();
  const store = openStore(folder.path);
  store.append(can0, leaf, drive(1000));
  store.close();
  const later = openStore(folder.path);
  const query = { device: can0, signal: voltage.key, from: 0, to: START + MINUTE };
  expect(() => later.read(query, 999)).toThrow("STORE_RANGE_TOO_LARGE");
  expect(later.read(query, 1000).times).toHaveLength(1000);
  later.close();
});
