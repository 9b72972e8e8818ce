import { expect, it } from "vitest";
import { charging, gear, quantity } from "../../../test/household.ts";
import { signalText, signalValue, timeText } from "./signal-text.ts";

it("writes numbers with the decimals worth showing, and never a minus zero", () => {
  const voltage = quantity("voltage", { precision: 2 });
  expect(signalText(voltage, 12.3456)).toBe("12.35");
  expect(signalText(voltage, 12.5)).toBe("12.5");
  expect(signalText(voltage, -0.001)).toBe("0");
  expect(signalText(quantity("odometer", { precision: 0 }), 123_456.7)).toBe("123457");
});

it("writes booleans as ON and OFF and enums by the name of the state", () => {
  expect(signalText(charging, 1)).toBe("ON");
  expect(signalText(charging, 0)).toBe("OFF");
  expect(signalText(gear, 4)).toBe("Drive");
});

it("calls a code without a name unknown instead of guessing", () => {
  expect(signalText(gear, 7)).toBe("None");
  expect(signalValue(gear, 7)).toBeNull();
});

it("has no text for a time that no calendar reaches", () => {
  expect(timeText(Date.UTC(2026, 0, 1))).toBe("2026-01-01T00:00:00.000Z");
  for (const time of [Number.NaN, Number.NEGATIVE_INFINITY, 1e17, undefined]) expect(timeText(time)).toBeUndefined();
});
