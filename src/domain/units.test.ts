import { expect, test } from "vitest";
import { deviceClassOf, unitOf } from "./units.ts";

test.each([
  ["degC", "°C"],
  ["deg C", "°C"],
  ["Unit_DegreCelsi", "°C"],
  ["KPH", "km/h"],
  ["km / h", "km/h"],
  ["Unit_MinutInver", "rpm"],
  ["m/s^2", "m/s²"],
  ["N*m", "Nm"],
  ["Volts", "V"],
  ["%", "%"],
])("%s is written %s", (text, unit) => {
  expect(unitOf(text)).toBe(unit);
});

test.each(["", " ", "-", "unitless", "SED", "Unit_None", "N/A", "1"])("%j is no unit", (text) => {
  expect(unitOf(text)).toBeUndefined();
});

test("case decides where it makes another unit", () => {
  expect(unitOf("mA")).toBe("mA");
  expect(unitOf("MA")).toBe("MA");
  expect(unitOf("S")).toBe("S");
});

test("an unknown unit stays, without control characters and double spaces", () => {
  expect(unitOf("pix/sec")).toBe("pix/sec");
  expect(unitOf(" furlong\n\u0000 per  fortnight ")).toBe("furlong per fortnight");
});

test("a unit tells its device class only where it cannot be mistaken", () => {
  expect(deviceClassOf("°C")).toBe("temperature");
  expect(deviceClassOf("%")).toBeUndefined();
  expect(deviceClassOf("constructor")).toBeUndefined();
});
