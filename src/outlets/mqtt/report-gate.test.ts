import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchBuilder } from "#domain/batch.ts";
import type { Signal } from "#domain/signal.ts";
import { charging, gear, quantity, samples } from "../../../test/household.ts";
import { ReportGate } from "./report-gate.ts";

function gate() {
  const reports: [string, number][] = [];
  return { reports, gate: new ReportGate((signal, value) => reports.push([signal.key, value])) };
}

const banded = quantity("voltage", { report: { deadBand: 0.1, minIntervalMs: 0 } });
const paced = quantity("speed", { report: { deadBand: 1, minIntervalMs: 1000 } });

describe("a dead-band", () => {
  it("lets the first value through at once, and then only changes of at least its size", () => {
    const { reports, gate: it } = gate();
    for (const value of [12.5, 12.55, 12.59, 12.6, 12.65, 12.51, 12.4]) it.take(samples(0, [banded, value]), 0);
    expect(reports.map(([, value]) => value)).toEqual([12.5, 12.6, 12.4]);
  });

  it("never hides that a value has come to exactly zero", () => {
    const { reports, gate: it } = gate();
    for (const value of [0.05, 0, 0.05, 0]) it.take(samples(0, [banded, value]), 0);
    expect(reports.map(([, value]) => value)).toEqual([0.05, 0]);
  });

  it("shows what it held back when the signal comes to rest", () => {
    const { reports, gate: it } = gate();
    it.take(samples(0, [banded, 12.5]), 0);
    it.take(samples(0, [banded, 12.53]), 0);
    it.flush(1);
    it.flush(2);
    expect(reports).toEqual([
      ["voltage", 12.5],
      ["voltage", 12.53],
    ]);
  });
});

describe("a minimum interval", () => {
  it("sends the last value in it at its end", () => {
    const { reports, gate: it } = gate();
    it.take(samples(0, [paced, 50]), 0);
    expect(it.take(samples(0, [paced, 60]), 100)).toBe(1000);
    expect(it.take(samples(0, [paced, 70]), 200)).toBe(1000);
    expect(it.due(999)).toBe(1000);
    expect(it.due(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(reports.map(([, value]) => value)).toEqual([50, 70]);
  });

  it("sends nothing for an excursion that is over at its end", () => {
    const { reports, gate: it } = gate();
    it.take(samples(0, [paced, 50]), 0);
    it.take(samples(0, [paced, 90]), 100);
    expect(it.take(samples(0, [paced, 50]), 200)).toBe(Number.POSITIVE_INFINITY);
    it.due(1000);
    expect(reports.map(([, value]) => value)).toEqual([50]);
  });
});

it("reports booleans and enums on every change and on nothing else", () => {
  const { reports, gate: it } = gate();
  for (const value of [0, 0, 1, 1, 0]) it.take(samples(0, [charging, value], [gear, value === 0 ? 1 : 4]), 0);
  expect(reports).toEqual([
    ["charging", 0],
    ["gear", 1],
    ["charging", 1],
    ["gear", 4],
    ["charging", 0],
    ["gear", 1],
  ]);
});

it("drops and counts samples that are no numbers", () => {
  const { reports, gate: it } = gate();
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 3]) it.take(samples(0, [banded, value]), 0);
  expect(reports).toEqual([["voltage", 3]]);
  expect(it.invalid).toBe(2);
});

it("keeps what it knows of a signal when the device learns more of them", () => {
  const { reports, gate: it } = gate();
  it.take(samples(0, [banded, 12.5]), 0);
  it.take(samples(0, [paced, 5], [banded, 12.5]), 0);
  const many = Array.from({ length: 100 }, (_, at): [Signal, number] => [quantity(`cell_${at}`), at]);
  it.take(samples(0, ...many, [banded, 12.5]), 0);
  expect(reports).toHaveLength(102);
  expect(reports.filter(([key]) => key === "voltage")).toHaveLength(1);
});

it("takes over an older value only where it has none", () => {
  const { reports, gate: it } = gate();
  it.restore(banded, 12.5, 1000, 0);
  it.restore(banded, 11, 500, 0);
  it.take(samples(2000, [banded, 12.5]), 1);
  expect(reports).toEqual([["voltage", 12.5]]);
});

it("starts anew with a signal it was told to forget", () => {
  const { reports, gate: it } = gate();
  it.take(samples(0, [paced, 50]), 0);
  it.take(samples(0, [paced, 60]), 1);
  expect(it.forget(({ key }) => key === paced.key)).toEqual([paced]);
  expect(it.due(5000)).toBe(Number.POSITIVE_INFINITY);
  it.flush(5000);
  it.take(samples(0, [paced, 60]), 5001);
  expect(reports.map(([, value]) => value)).toEqual([50, 60]);
});

it("always shows, once the interval is over, a value within the dead-band of the true one, and never too often", () => {
  const steps = fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 700 }), value: fc.integer({ min: -5, max: 5 }) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(steps, (rows) => {
      let now = 0;
      let shown = Number.NaN;
      const at: number[] = [];
      const it = new ReportGate((_, value) => {
        shown = value;
        at.push(now);
      });
      const builder = new BatchBuilder([paced]);
      let last = 0;
      for (const { wait, value } of rows) {
        now += wait;
        builder.add(0, now, value);
        const batch = builder.take();
        if (batch) it.take(batch, now);
        last = value;
      }
      now += 1000;
      it.due(now);
      expect(Math.abs(shown - last)).toBeLessThan(1);
      for (const [index, time] of at.entries()) expect(time - (at[index - 1] ?? -1000)).toBeGreaterThanOrEqual(1000);
    }),
  );
});
