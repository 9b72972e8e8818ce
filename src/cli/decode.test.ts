import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logDialects } from "#protocols/can/logs/recognise.ts";
import { frames } from "#simulators/leaf/leaf.ts";
import { decode } from "./decode.ts";

const START = Date.UTC(2026, 0, 1);
const DBC = `BO_ 291 Motor: 8 ECU
 SG_ Speed : 0|16@1+ (0.1,-10) [0|0] "rpm" X
 SG_ Gear : 16|8@1+ (1,0) [0|3] "" X
 SG_ Far : 56|8@1+ (1,0) [0|255] "V" X
BO_ 2566869221 Trailer: 1 ECU
 SG_ Coupled : 0|1@1+ (1,0) [0|1] "" X
VAL_ 291 Gear 0 "park" 1 "drive" 2 "reverse" 255 "SNA" ;
`;
const LINES = `(1700000000.000000) can0 123#D2000000 R
(1700000001.000001) can0 123#D60001 R
half a line
(1700000002.000000) can0 123#D800FF R
(1700000003.000000) can0 18FF50E5#01 R
(1700000004.000000) can0 456#00 R
`;

let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-decode-"));
  const candump = logDialects.find(({ name }) => name === "candump")?.writer?.();
  const drive = candump?.write([...frames({ generation: "ze1", seconds: 8, start: START })]) ?? "";
  await writeFile(path("drive.log.gz"), gzipSync(drive));
  await writeFile(path("lines.log"), LINES);
  await writeFile(path("car.dbc"), DBC);
  await writeFile(path("notes.txt"), "Dear diary\n");
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const { signal } = new AbortController();
  const code = await decode(args, { out: (text) => out.push(text), err: (text) => err.push(text), env: {}, signal });
  return { code, out: out.join(""), err: err.join("") };
}

describe("statistics", () => {
  test("tell everything of each signal, by a DBC file", async () => {
    const { code, out, err } = await run(path("lines.log"), "--dbc", path("car.dbc"), "--stats", "--json");
    expect(JSON.parse(out)).toEqual({
      ...{ file: "lines.log", dialect: "candump", timeBase: "utc", frames: 5, discarded: 1 },
      firstProblem: { where: "line 3", reason: "no time stamp in parentheses" },
      ...{ from: "2023-11-14T22:13:20.000000Z", to: "2023-11-14T22:13:24.000000Z", seconds: 4 },
      decodedAs: "car.dbc",
      decoder: { frames: 5, unknown: 1, tooShort: 3, unavailable: 1 },
      signals: {
        speed: {
          ...{ name: "Speed", frames: ["123"], unit: "rpm", count: 3, unavailable: 0 },
          ...{ first: 11, last: 11.6, min: 11, max: 11.6, mean: 11.3333333333 },
        },
        gear: {
          ...{ name: "Gear", frames: ["123"], unit: null, count: 2, unavailable: 1 },
          ...{ first: 0, last: 1, min: 0, max: 1, mean: 0.5 },
        },
        coupled: {
          ...{ name: "Coupled", frames: ["18FF50E5"], unit: null, count: 1, unavailable: 0 },
          ...{ first: 1, last: 1, min: 1, max: 1, mean: 1 },
        },
      },
    });
    expect(code).toBe(0);
    expect(err).toBe("1 line could not be understood, the first at line 3: no time stamp in parentheses\n");
  });

  test("of a Leaf come from whatever it was recorded with, and say which Leaf it is", async () => {
    const { code, out, err } = await run(path("drive.log.gz"), "--stats", "--json");
    const { decodedAs, signals } = JSON.parse(out);
    expect([code, err, decodedAs]).toEqual([0, "", "Leaf ZE1 (since 2018)"]);
    expect(signals.pack_voltage).toMatchObject({ frames: ["1DB"], unit: "V", unavailable: 0 });
    expect(signals.pack_voltage.count).toBeGreaterThan(700);
    expect(signals.pack_voltage.min).toBeGreaterThan(200);
  });

  test("are a table for people", async () => {
    const { out } = await run(path("lines.log"), "--dbc", path("car.dbc"), "--stats");
    expect(out).toBe(`lines.log: candump, 5 frames in 4 s from 2023-11-14T22:13:20.000000Z
decoded as car.dbc

frame     signal   unit  count  unavailable  first  last  min   max       mean
123       speed    rpm       3            0     11  11.6   11  11.6  11.333333
123       gear               2            1      0     1    0     1        0.5
18FF50E5  coupled            1            0      1     1    1     1          1
`);
  });
});

describe("values", () => {
  test("come one per line, with names for codes", async () => {
    const { code, out } = await run(path("lines.log"), "--dbc", path("car.dbc"));
    expect(out).toBe(`2023-11-14T22:13:20.000000Z speed 11 rpm
2023-11-14T22:13:20.000000Z gear park
2023-11-14T22:13:21.000001Z speed 11.4 rpm
2023-11-14T22:13:21.000001Z gear drive
2023-11-14T22:13:22.000000Z speed 11.6 rpm
2023-11-14T22:13:23.000000Z coupled yes
`);
    expect(code).toBe(0);
  });

  test("come as JSON, one object per line", async () => {
    const { out } = await run(path("lines.log"), "--dbc", path("car.dbc"), "--json");
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, 2)).toEqual([
      { time: "2023-11-14T22:13:20.000000Z", signal: "speed", value: 11, unit: "rpm" },
      { time: "2023-11-14T22:13:20.000000Z", signal: "gear", value: 0, state: "park" },
    ]);
    expect(lines).toHaveLength(6);
  });

  test("keep the recording's own seconds where it has no UTC", async () => {
    await writeFile(path("own.log"), "(12.500000) can0 123#D20001 R\n");
    expect((await run(path("own.log"), "--dbc", path("car.dbc"))).out).toContain("12.500000 speed 11 rpm\n");
    await writeFile(path("none.txt"), "  can0  123   [3]  D2 00 01\n");
    expect((await run(path("none.txt"), "--dbc", path("car.dbc"))).out).toContain("- speed 11 rpm\n");
  });

  test("of a Leaf that cannot be told come with a remark", async () => {
    await writeFile(path("one.log"), "(1700000000.0) can0 1DB#01C0C3EA0000015B R\n");
    const { code, out, err } = await run(path("one.log"));
    expect(code).toBe(0);
    expect(out).toContain("pack_voltage 391.5 V\n");
    expect(err).toContain("--leaf names it");
  });

  test("that are not there are an exit code", async () => {
    await writeFile(path("other.log"), "(1700000000.0) can0 777#00 R\n");
    const { code, out, err } = await run(path("other.log"), "--leaf", "ze0");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("No frame in this recording has a signal that is known.");
  });
});

describe("conversion", () => {
  test("prints text dialects", async () => {
    const { code, out, err } = await run(path("lines.log"), "--convert", "crtd");
    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n")[1]).toBe("1700000000.000000 1R11 123 D2 00 00 00");
  });

  test("writes a new file that holds the same frames", async () => {
    const before = (await run(path("drive.log.gz"), "--stats", "--json")).out;
    const { code } = await run(path("drive.log.gz"), "--convert", "vector-blf", "--output", path("drive.blf"));
    expect(code).toBe(0);
    const after = (await run(path("drive.blf"), "--stats", "--json")).out;
    expect(JSON.parse(after).signals).toEqual(JSON.parse(before).signals);
    const blf = await readFile(path("drive.blf"));
    expect(blf.readBigUInt64LE(16)).toBe(BigInt(blf.length));
  });

  test("never writes over a file, and leaves none when it fails", async () => {
    const there = await run(path("lines.log"), "--convert", "crtd", "--output", path("car.dbc"));
    expect(there.code).toBe(1);
    expect(there.err).toContain("Name a file that does not exist yet");
    expect(await readFile(path("car.dbc"), "utf8")).toBe(DBC);
    await writeFile(path("empty.trc"), ";$FILEVERSION=2.1\n");
    const failed = await run(path("empty.trc"), "--convert", "crtd", "--output", path("failed.crtd"));
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining("CAN_LOG_NO_FRAMES")]);
    expect(await readdir(folder)).not.toContain("failed.crtd");
  });

  test("counts what the other format cannot express", async () => {
    await writeFile(path("remote.log"), "(1.0) can0 123#R8 R\n(1.0) can0 123#00 R\n");
    expect((await run(path("remote.log"), "--convert", "gvret-csv")).err).toBe(
      "1 frame left out: gvret-csv cannot express it\n",
    );
  });
});

describe("what goes wrong has a message with what to do, and an exit code", () => {
  test.each([
    [["none.log"], "CAN_LOG_MISSING"],
    [["."], "CAN_LOG_IS_FOLDER"],
    [["notes.txt"], "CAN_LOG_UNKNOWN"],
    [["lines.log", "--dbc", "none.dbc"], "DBC_MISSING"],
    [["lines.log", "--dbc", "notes.txt"], "DBC_"],
  ])("%j: %s", async ([file = "", ...rest], code) => {
    const args = rest.map((arg) => (arg.startsWith("--") ? arg : path(arg)));
    const result = await run(path(file), ...args);
    expect([result.code, result.out]).toEqual([1, ""]);
    expect(result.err).toMatch(new RegExp(`\\[${code}\\w*\\]\n {2}[A-Z]`));
  });

  test.each([
    [[], "name the recording"],
    [["a", "b"], "one recording at a time"],
    [["a", "--leaf", "ze9"], "--leaf takes auto, ze0, aze0, ze1"],
    [["a", "--leaf", "ze0", "--dbc", "b"], "exclude each other"],
    [["a", "--convert", "mdf4"], "cannot write mdf4"],
    [["a", "--convert", "pcapng"], "cannot write pcapng"],
    [["a", "--output", "b"], "--output goes with --convert"],
    [["a", "--convert", "vector-blf"], "give --output"],
    [["a", "--stat"], "Did you mean --stats?"],
  ])("called as %j it says how to call it", async (args, hint) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(hint);
    expect(err).toContain("Usage: carport decode FILE");
  });

  test("stopped by its user it stops", async () => {
    const out: string[] = [];
    const signal = AbortSignal.abort();
    const io = { out: (text: string) => out.push(text), err: (text: string) => out.push(text), env: {}, signal };
    expect(await decode([path("lines.log"), "--dbc", path("car.dbc")], io)).toBe(1);
    expect(out).toEqual([]);
  });
});
