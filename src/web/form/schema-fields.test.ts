import { expect, test } from "vitest";
import { type Field, fieldsOf, pointerOf, type Schema, typedValue, valueAt } from "./schema-fields.ts";

const field = (schema: Schema): Field => {
  const [first] = fieldsOf({ properties: { pollSeconds: schema } });
  if (!first) throw new Error("no field");
  return first;
};

test("each value of a schema is a field, by its path; groups are none", () => {
  const schema = {
    type: "object",
    properties: {
      safeMode: { type: "boolean", default: false, description: "Open no device" },
      mqtt: { type: "object", properties: { port: { type: "integer", minimum: 1, maximum: 65_535 } } },
    },
  };
  expect(fieldsOf(schema)).toMatchObject([
    { pointer: "/safeMode", input: "switch", label: "Safe mode", effect: "Open no device", preset: false },
    { pointer: "/mqtt/port", input: "number", label: "Port", range: "1 – 65535" },
  ]);
});

test("a quantity has its unit, and a range its true minus", () => {
  const voltageOffset = { type: "number", minimum: -2, maximum: 2 };
  expect(fieldsOf({ properties: { voltageOffset, startTemperature: { type: "number" } } })).toMatchObject([
    { label: "Voltage offset", unit: "V", range: "\u22122 – 2" },
    { label: "Start temperature", unit: "°C", range: undefined },
  ]);
});

test("a name's last word is its unit", () => {
  expect(field({ type: "integer" })).toMatchObject({ label: "Poll", unit: "s" });
  expect(fieldsOf({ properties: { replaySpeed: {}, seconds: {} } })).toMatchObject([
    { label: "Replay speed", unit: undefined },
    { label: "Seconds", unit: "s" },
  ]);
});

test.each<[Schema, Field["input"]]>([
  [{ type: "string" }, "text"],
  [{ type: "string", secret: true }, "secret"],
  [{ type: "string", enum: ["auto", "ze0"] }, "choice"],
  [{ type: "number" }, "number"],
  [{ type: "array" }, "json"],
  [{}, "json"],
])("%j is asked for by %s", (schema, input) => {
  expect(field(schema).input).toBe(input);
});

test.each<[Schema, string, unknown]>([
  [{ type: "number" }, "1,5", 1.5],
  [{ type: "number" }, " -3 ", -3],
  [{ type: "number" }, "twelve", "twelve"],
  [{ type: "number" }, "1e999", "1e999"],
  [{ type: "string" }, "can0", "can0"],
  [{ type: "string" }, "  ", undefined],
  [{ type: "array" }, "[1]", [1]],
  [{ type: "array" }, "[1", "[1"],
])("%j: who types %j means %j", (schema, typed, value) => {
  expect(typedValue(field(schema), typed)).toEqual(value);
});

test("a path finds its value, and nothing of a prototype", () => {
  expect(valueAt({ mqtt: { port: 1883 } }, ["mqtt", "port"])).toBe(1883);
  expect(valueAt({ mqtt: null }, ["mqtt", "port"])).toBeUndefined();
  expect(valueAt({}, ["constructor", "name"])).toBeUndefined();
  expect(pointerOf(["a/b", "c~d", 1])).toBe("/a~1b/c~0d/1");
});
