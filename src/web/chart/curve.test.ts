import { expect, test } from "vitest";
import type { SignalDefinition } from "../../api/contract/signal.ts";
import { Curve } from "./curve.ts";
import { valueRange } from "./value-range.ts";

const filled = (...seconds: number[]) => {
  const curve = new Curve(0);
  for (const at of seconds) curve.add(at * 1000, at);
  return curve;
};

test("samples become points, buckets a mean within its band, at the middle of the bucket", () => {
  const curve = new Curve(0);
  const range = { from: "", to: "" };
  curve.load({ resolution: "samples", ...range, times: [1_000, 2_000], values: [5, 6] });
  curve.load({
    resolution: "buckets",
    ...range,
    widthMs: 2_000,
    times: [3_000],
    min: [1],
    max: [9],
    mean: [4],
    count: [7],
  });
  expect(curve.data).toEqual([
    [1, 2, 4],
    [5, 6, 4],
    [5, 6, 1],
    [5, 6, 9],
  ]);
});

test("live points go on where the history ends, without repeating it", () => {
  const history = filled(1, 2, 3);
  history.append(filled(2, 3, 4, 5));
  expect(history.times).toEqual([1, 2, 3, 4, 5]);
});

test("a long pause is a gap in the line, a pause within the signal's own pace is not", () => {
  expect(filled(1, 2, 3, 100).values).toEqual([1, 2, 3, null, 100]);
  expect(filled(0.5, 60, 120, 180, 260).values).not.toContain(null);
});

test("samples nearer than a point of the chart become one, with their mean and extremes", () => {
  const curve = new Curve(1_000);
  for (const [at, value] of [5, 1, 9, 5].entries()) curve.add(10_000 + at * 400, value);
  expect(curve.data).toEqual([
    [10.8, 11.2],
    [5, 5],
    [1, 5],
    [9, 5],
  ]);
});

test("what is older than the time shown is let go in lots", () => {
  const curve = new Curve(0);
  for (let at = 1; at <= 1_000; at++) curve.add(at * 1000, at);
  curve.trim(500);
  expect(curve.times).toHaveLength(1_000);
  curve.trim(600);
  expect(curve.times[0]).toBe(600);
  expect(new Set(curve.data.map((column) => column.length))).toEqual(new Set([401]));
});

const signal = (unit: string, precision: number): SignalDefinition => ({
  key: "k",
  name: "K",
  group: "drive",
  subject: "vehicle",
  type: "number",
  enabled: true,
  unit,
  precision,
});

test("a steady value is drawn as steady, not as its noise", () => {
  const [low, high] = valueRange(signal("%", 1), 52.4, 52.6);
  expect(high - low).toBeGreaterThanOrEqual(5);
  expect(low).toBeLessThan(52.4);
  expect(high).toBeGreaterThan(52.6);
});

test("the scale starts at zero where zero is near, and a share ends at 100", () => {
  expect(valueRange(signal("km/h", 0), 0, 120)[0]).toBe(0);
  expect(valueRange(signal("km/h", 0), 10, 120)[0]).toBe(0);
  expect(valueRange(signal("V", 1), 380, 395)[0]).toBeGreaterThan(300);
  expect(valueRange(signal("%", 1), 97, 100)[1]).toBe(100);
  expect(valueRange(signal("kW", 1), -50, -1)[1]).toBe(0);
  expect(valueRange(signal("%", 1), 0, 0)).toEqual([0, 5]);
});

test("without a value there is still a scale", () => {
  expect(valueRange(signal("kW", 1), null, null)).toEqual([0, 1]);
});
