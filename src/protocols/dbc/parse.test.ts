import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCarportError } from "#domain/error.ts";
import { compileDbc } from "./decoder.ts";
import type { DbcSignal } from "./network.ts";
import { type ParsedDbc, parseDbc } from "./parse.ts";
import { decodeDbcText } from "./text.ts";

const tricky = readFileSync(join(import.meta.dirname, "fixtures/tricky.dbc"), "utf8");

/** A file of one message with these lines below it. */
const file = (...lines: string[]) => ["BO_ 512 Body: 8 Gateway", ...lines, ""].join("\n");
const signal = ' SG_ Door : 0|2@1+ (1,0) [0|3] "" Display';

function parsedSignal(parsed: ParsedDbc, name: string): DbcSignal {
  const found = parsed.network.messages.flatMap(({ signals }) => signals).find((signal) => signal.name === name);
  if (found === undefined) throw new Error(`no signal ${name}`);
  return found;
}

const warnings = (text: string) => parseDbc(text, "car.dbc").warnings.map(({ line, text }) => `${line}: ${text}`);

function refusal(text: string): string {
  try {
    const { network } = parseDbc(text, "car.dbc");
    const decoder = compileDbc(network);
    for (const { id, extended } of network.messages) decoder.decode(id, extended, new Uint8Array(64));
  } catch (error) {
    if (isCarportError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("a DBC file", () => {
  test("gives messages with id, length, sender, cycle time and comment", () => {
    const { network, warnings } = parseDbc(tricky, "tricky.dbc");
    expect(warnings).toEqual([]);
    expect(network.messages).toHaveLength(11);
    const { signals, ...message } = network.messages[0] ?? { signals: [] };
    expect(signals).toHaveLength(6);
    expect(message).toEqual({
      id: 256,
      extended: false,
      name: "Orders",
      length: 8,
      sender: "Gateway",
      comment: 'Orders of bits; SG_ NotASignal : 0|8@1+ (1,0) [0|0] "" X\nBO_ 999 NotAMessage: 8 X',
      cycleTime: 20,
    });
  });

  test("gives signals with place, scale, range, unit, receivers and comment", () => {
    expect(parsedSignal(parseDbc(tricky, "tricky.dbc"), "LittleAcross")).toEqual({
      name: "LittleAcross",
      start: 6,
      length: 13,
      byteOrder: "little",
      signed: true,
      float: false,
      factor: 0.25,
      offset: -40,
      range: { minimum: -1064, maximum: 983.75 },
      unit: "degC",
      receivers: ["Display", "Inverter"],
      comment: "Crosses a byte",
      states: new Map(),
      selection: undefined,
    });
  });

  test("has bit 31 set in the id of an extended frame", () => {
    const message = parseDbc(tricky, "tricky.dbc").network.messages.find(({ name }) => name === "Cascade");
    expect(message).toMatchObject({ id: 419_361_278, extended: true });
  });

  test("means an extended frame by an id above 11 bits even without bit 31", () => {
    const { network } = parseDbc(`BO_ 419385573 Long: 8 X\n${signal}`, "car.dbc");
    expect(network.messages[0]).toMatchObject({ id: 419385573, extended: true });
  });

  test("replaces names that were cut off by the long ones", () => {
    const names = parseDbc(tricky, "tricky.dbc").network.messages.flatMap(({ name, signals }) => [
      name,
      ...signals.map((signal) => signal.name),
    ]);
    expect(names).toContain("NamedAtGreatLengthBeyondThirtyTwoCharacters");
    expect(names).toContain("TemperatureOfTheCoolantAtTheInverterOutlet");
  });

  test("sends no cycle time for messages that are not cyclic", () => {
    const times = parseDbc(tricky, "tricky.dbc").network.messages.map(({ cycleTime }) => cycleTime);
    expect(times.slice(0, 3)).toEqual([20, undefined, 100]);
  });

  test("names values directly or through a table", () => {
    const parsed = parseDbc(
      file(
        signal,
        signal.replace("Door", "Boot"),
        'VAL_TABLE_ Open 0 "Closed" 1 "Open" ;',
        'VAL_ 512 Door -1 "?" 2 "Ajar";',
      ).concat('VAL_ 512 Boot Open ;\nVAL_ Environment 0 "ignored" ;'),
      "car.dbc",
    );
    expect(parsed.warnings).toEqual([]);
    expect([...parsedSignal(parsed, "Door").states]).toEqual([
      [-1, "?"],
      [2, "Ajar"],
    ]);
    expect([...parsedSignal(parsed, "Boot").states]).toEqual([
      [0, "Closed"],
      [1, "Open"],
    ]);
  });

  test("nests multiplexers and selects by ranges", () => {
    const parsed = parseDbc(tricky, "tricky.dbc");
    const below = parsedSignal(parsed, "BelowA").selection;
    expect(below?.ranges).toEqual([
      [0, 1],
      [9, 9],
    ]);
    expect(below?.selector).toBe(parsedSignal(parsed, "InnerA"));
    expect(below?.selector.selection?.selector).toBe(parsedSignal(parsed, "Outer"));
  });

  test("reads the same with Windows line ends, tabs and little space", () => {
    const squeezed = tricky
      .replaceAll(" : ", ":")
      .replaceAll("] ", "]")
      .replaceAll(" m", "\tm")
      .replaceAll("\n", "\r\n");
    const expected = parseDbc(tricky, "tricky.dbc").network.messages.map(({ comment, ...rest }) => rest);
    expect(parseDbc(squeezed, "tricky.dbc").network.messages.map(({ comment, ...rest }) => rest)).toEqual(expected);
  });

  test("may be UTF-8 with or without mark, or Windows-1252", () => {
    const text = file(' SG_ Öl : 0|8@1+ (1,0) [0|0] "°C" X');
    const utf8 = new TextEncoder().encode(text);
    const windows = Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
    for (const bytes of [utf8, Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8), windows]) {
      expect(parsedSignal(parseDbc(decodeDbcText(bytes), "car.dbc"), "Öl").unit).toBe("°C");
    }
  });

  test("may leave out sender, receivers and semicolons", () => {
    const parsed = parseDbc(
      'BO_ 1 A: 8\n SG_ a : 0|8@1+ (.5,0) [0|0] ""\n\nVAL_ 1 a 0 "x"\nCM_ SG_ 1 a "y"',
      "car.dbc",
    );
    expect(parsed.warnings).toEqual([]);
    expect(parsedSignal(parsed, "a")).toMatchObject({ factor: 0.5, receivers: [], comment: "y" });
  });
});

describe("what cannot be decoded is left out with a warning, the rest stays:", () => {
  test.each([
    ["a signal longer than its message", ' SG_ Far : 60|8@1+ (1,0) [0|0] "" X', "does not fit into the 8 bytes"],
    ["a signal without bits", ' SG_ None : 0|0@1+ (1,0) [0|0] "" X', "0 bits"],
    ["a signal of more than 64 bits", ' SG_ Huge : 0|65@1+ (1,0) [0|0] "" X', "65 bits"],
    ["a multiplexed signal without multiplexer", ' SG_ Lost m1 : 0|8@1+ (1,0) [0|0] "" X', "nothing tells when"],
    ["a multiplexed signal without value", ' SG_ Odd m : 0|8@1+ (1,0) [0|0] "" X', "no multiplexer value selects it"],
  ])("%s", (_, line, reason) => {
    const text = file(signal, line);
    expect(warnings(text)).toEqual([expect.stringMatching(new RegExp(`^3: signal \\w+ skipped: .*${reason}`))]);
    expect(parseDbc(text, "car.dbc").network.messages[0]?.signals).toHaveLength(1);
  });

  test("a float of the wrong size", () => {
    expect(warnings(file(signal, signal.replace("Door", "F"), "SIG_VALTYPE_ 512 F : 1;"))).toEqual([
      "3: signal F skipped: a float of 32 bits in 2 bits",
    ]);
  });

  test("multiplexers that select each other", () => {
    const [a, b] = [signal.replace("Door", "A m0M"), signal.replace("Door", "B m0M")];
    const text = file(signal, a, b, "SG_MUL_VAL_ 512 A B 0-0;", "SG_MUL_VAL_ 512 B A 0-0;");
    expect(warnings(text)).toHaveLength(2);
    expect(parseDbc(text, "car.dbc").network.messages[0]?.signals).toHaveLength(1);
  });

  test("what hangs on a multiplexer that is left out", () => {
    const text = file(signal, ' SG_ Page M : 70|8@1+ (1,0) [0|0] "" X', signal.replace("Door", "On m0"));
    expect(warnings(text).map((line) => line.slice(0, 15))).toEqual(["3: signal Page ", "4: signal On sk"]);
  });

  test("the first of two messages with the same id", () => {
    const text = file(signal, "BO_ 512 Again: 8 X", signal);
    expect(warnings(text)).toEqual(["3: message Again replaces Body, which has the same id"]);
    expect(parseDbc(text, "car.dbc").network.messages.map(({ name }) => name)).toEqual(["Again"]);
  });

  test("statements nobody knows, and what is said of things that are not there", () => {
    const text = file(
      signal,
      'FUTURE_ 1 2 "; BO_"\n 3;',
      'VAL_ 5 Door 0 "x";',
      'CM_ SG_ 512 Window "x";',
      "BA_ Broken;",
    );
    expect(warnings(text)).toEqual([
      "3: statement FUTURE_ skipped: it is not known",
      "5: skipped: there is no message 5",
      "6: skipped: message Body has no signal Window",
      '7: rest of BA_ skipped: expected the name of an attribute, found "Broken"',
    ]);
  });
});

describe("a file that cannot be read is refused with the place and the reason:", () => {
  test.each([
    ['BO_ 1 A: 8 X\n SG_ a 0|8@1+ (1,0) [0|0] "" X', 'car.dbc:2:9: expected ":", found "|8@1+"'],
    ["BO_ 1 A: 8 X\n SG_ a : 0|8@2+ (1,0)", "car.dbc:2:14: a byte order must be a whole number from 0 to 1, not 2"],
    ["BO_ 1 A: 8 X\n SG_ a : 0|8@1+ (1e999,0)", "car.dbc:2:18: a factor is too large: 1e999"],
    ["BO_ x A: 8 X", 'car.dbc:1:5: expected a message id, found "x"'],
    ["BO_ 4294967296 A: 8 X", "car.dbc:1:5: a message id must be a whole number from 0 to 4294967295, not 4294967296"],
    ['SG_ a : 0|8@1+ (1,0) [0|0] "" X', "car.dbc:1:5: a signal stands before the first message"],
    ['BO_ 1 A: 8 X\n\nCM_ "never closed;\n', "car.dbc:3:5: this text has no closing quotation mark"],
    ["BO_ 1 A: 8 X\n SG_ a : 0|", "car.dbc:2:12: expected the length of a signal, found the end of the file"],
    ["(1700000000.0) can0 1DB#00", 'car.dbc:1:1: expected a statement such as BO_ or SG_, found "(1700000000.0)"'],
    ["\u0000\u0001", "car.dbc:1:1: expected a statement such as BO_ or SG_"],
  ])("%j", (text, reason) => {
    expect(refusal(text)).toContain(`DBC_SYNTAX ${reason}`);
  });

  test.each(["", "\n\n", 'VERSION ""', "BO_ 1 A: 8 X"])("%j describes no signal", (text) => {
    expect(refusal(text)).toMatch(/^DBC_EMPTY car\.dbc: /);
  });
});

test("whatever the text, it is read or refused, and what is read can be decoded", () => {
  const pieces = tricky.split(/(?<=[\s;:|@,()[\]"])/);
  const mutilated = fc
    .array(fc.tuple(fc.nat(pieces.length - 1), fc.oneof(fc.constantFrom(...pieces), fc.string())), { maxLength: 8 })
    .map((changes) => {
      const text = [...pieces];
      for (const [at, piece] of changes) text[at] = piece;
      return text.join("");
    });
  fc.assert(
    fc.property(
      fc.oneof(
        mutilated,
        fc.string(),
        fc.array(fc.constantFrom(...pieces)).map((some) => some.join("")),
      ),
      (text) => {
        expect(refusal(text)).toMatch(/^(?:accepted$|DBC_)/);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ["line ends", "\n"],
  ["quotation marks", '"'],
  ["escaped quotation marks", '\\"'],
  ["unknown statements", "X_ \n"],
  ["comments", "// \n"],
  ["empty remarks", "CM_ ;"],
  ["brackets", "BO_ 1 A: 8 [["],
])("a long run of %s does not keep it busy", (_, piece) => {
  expect(refusal(`BU_: \n${piece.repeat(2e5 / piece.length)}`)).toMatch(/^DBC_/);
});
