import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./json-text.ts";

const accepts = (text: string): boolean => parseJson(text).fault === undefined;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("parseJson", () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1, "expected a name in double quotes"],
    ['{"a" 1}', 1, 6, "expected a colon"],
    ['{"a": 1 "b": 2}', 1, 9, "expected a comma or }"],
    ["[1 2]", 1, 4, "expected a comma or ]"],
    ['{\r\n"a": tru\r\n}', 2, 6, "expected a value"],
    ['{"a": 01}', 1, 7, "expected a value"],
    ['{"a": "never ends', 1, 7, "this text has no end, or a character that JSON does not allow"],
    ['{"a": [1,', 1, 10, "the file ends too early"],
    ["", 1, 1, "the file ends too early"],
    ["{} {}", 1, 4, "nothing more may follow here"],
    ['{"a": 1, "b": 2, "\\u0061": 3}', 1, 18, "this name is there twice"],
  ])("says where %j goes wrong", (text, line, column, what) => {
    expect(parseJson(text)).toEqual({ fault: { line, column, what } });
  });

  it("quotes nothing of the file, which may hold a password", () => {
    const fault = parseJson('{"password": "hunter2" oops}').fault;
    expect(JSON.stringify(fault)).not.toMatch(/hunter2|oops/);
  });

  it("reads a file that begins with a byte order mark", () => {
    expect(parseJson('\ufeff{"a": 1}')).toEqual({ value: { a: 1 } });
  });

  it("refuses a file nested so deeply that it would exhaust the stack", () => {
    expect(parseJson("[".repeat(1_000_000)).fault?.what).toBe("nested too deeply");
  });

  it("accepts whatever JSON.stringify writes, unchanged", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        expect(parseJson(JSON.stringify(value, undefined, indent))).toEqual({
          value: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });

  it("never accepts what JSON.parse refuses, and refuses beyond that only double names", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"',
      "1",
      "-0.5e3",
      "true",
      "nul",
      " ",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const { fault } = parseJson(text);
        expect(accepts(text)).toBe(isJson(text) && fault?.what !== "this name is there twice");
      }),
      { numRuns: 2000 },
    );
  });
});
