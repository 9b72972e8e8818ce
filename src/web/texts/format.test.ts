import { expect, test } from "vitest";
import type { SignalDefinition } from "../../api/contract/signal.ts";
import { formatAge, formatNumber, formatValue, formatWithUnit } from "./format.ts";
import { text } from "./text.ts";

const of = (value: number | undefined, more: Partial<SignalDefinition>) => ({
  device: "d",
  time: 0,
  value,
  signal: { key: "k", name: "K", group: "drive", subject: "vehicle", type: "number", enabled: true, ...more } as const,
});

test("a number keeps its decimals while it changes, and has no negative zero", () => {
  expect(formatNumber(57, 1)).toBe("57.0");
  expect(formatNumber(57.10000000000001, 1)).toBe("57.1");
  expect(formatNumber(-0.04, 1)).toBe("0.0");
  expect(formatNumber(-12.34, 1)).toBe("\u221212.3");
});

test("figure and unit stay on one line; what is not known is a dash without a unit", () => {
  expect(formatWithUnit(of(12, { unit: "kW", precision: 0 }))).toBe("12\u00a0kW");
  expect(formatWithUnit(of(12, { precision: 0 }))).toBe("12");
  expect(formatWithUnit(of(undefined, { unit: "kW" }))).toBe("—");
  expect(formatWithUnit(undefined)).toBe("—");
});

test("codes are shown by name, and one without a name as unknown", () => {
  const gear = { type: "enum", states: { 1: "park" } } as const;
  expect(formatValue(of(1, gear))).toBe("Park");
  expect(formatValue(of(9, gear))).toBe("—");
  expect(formatValue(of(0, { type: "boolean" }))).toBe("Off");
});

test.each([
  [0, "now"],
  [-3_000, "now"],
  [4_900, "now"],
  [5_000, "5 s ago"],
  [59_999, "59 s ago"],
  [60_000, "1 min ago"],
  [3_599_999, "59 min ago"],
  [7_200_000, "2 h ago"],
  [172_800_000, "2 d ago"],
])("an age of %d ms reads %s", (age, words) => {
  expect(formatAge(1e12 - age, 1e12)).toBe(words);
});

test("no value has no age", () => {
  expect(formatAge(undefined, 0)).toBe("no value yet");
});

test("a text's placeholders are filled in, as they are", () => {
  expect(text("age.seconds", { n: 5 })).toBe("5 s ago");
  expect(text("nodevice.text", { vehicle: "$& <b>" })).toBe("Nothing reads values from $& <b>.");
});
