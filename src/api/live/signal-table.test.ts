import fc from "fast-check";
import { expect, test } from "vitest";
import { deviceId, leafSignals } from "../../../test/fake-drive.ts";
import { BatchBuilder } from "../../domain/batch.ts";
import type { ValuesFrame } from "../contract/live.ts";
import { SignalTable } from "./signal-table.ts";

const device = deviceId("leaf-can0");

function batchOf(rows: readonly (readonly [index: number, time: number, value: number])[]) {
  const builder = new BatchBuilder(leafSignals);
  for (const row of rows) builder.add(...row);
  const batch = builder.take();
  if (!batch) throw new Error("empty");
  return batch;
}

const parse = (frame: Buffer | undefined): ValuesFrame | undefined => frame && JSON.parse(String(frame));

test("pages that have seen the same share one frame, encoded once", () => {
  const table = new SignalTable(device, undefined);
  table.add(batchOf([[0, 1_000, 50]]), 1);
  const frame = table.valuesSince(0, 2_000);
  expect(frame).toBeDefined();
  expect(table.valuesSince(0, 2_000)).toBe(frame);
  expect(table.valuesSince(1, 2_000)).toBeUndefined();
});

test("a value that is no number is not passed on", () => {
  const table = new SignalTable(device, undefined);
  table.add(
    batchOf([
      [0, 1_000, Number.NaN],
      [1, 1_000, Number.POSITIVE_INFINITY],
      [2, 1_000, 3],
    ]),
    1,
  );
  expect(parse(table.valuesSince(0, 1_000))?.values).toEqual([2, 0, 3]);
});

const row = fc.tuple(
  fc.nat(leafSignals.length - 1),
  fc.nat(10_000),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

test("whenever a page catches up, it ends with the newest value of each signal", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 8 }), looks: fc.boolean() }), {
        maxLength: 30,
      }),
      (ticks) => {
        const table = new SignalTable(device, undefined);
        const newest = new Map<number, number>();
        const seen = new Map<number, number>();
        let seenAt = 0;
        const look = (tick: number) => {
          const { values = [] } = parse(table.valuesSince(seenAt, 0)) ?? {};
          for (let at = 0; at < values.length; at += 3) seen.set(values[at] ?? -1, values[at + 2] ?? Number.NaN);
          seenAt = tick;
        };
        for (const [at, { rows, looks }] of ticks.entries()) {
          table.add(batchOf(rows), at + 1);
          // JSON has no negative zero.
          for (const [index, , value] of rows) newest.set(index, value === 0 ? 0 : value);
          if (looks) look(at + 1);
          table.endTick();
        }
        look(ticks.length + 1);
        expect(seen).toEqual(newest);
      },
    ),
  );
});
