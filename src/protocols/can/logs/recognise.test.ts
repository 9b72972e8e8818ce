import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import type { LogDialect } from "./dialect.ts";
import { recogniseLog } from "./recognise.ts";

test("an empty file lacks everything", () => {
  expect(recogniseLog(new Uint8Array(0))).toMatchObject({ code: "CAN_LOG_EMPTY" });
});

test.each(["MDF     4.11    CSS", "UnFinMF 4.10"])(
  "MDF4 is named, so that its owner knows to convert it (%s)",
  (text) => {
    expect(recogniseLog(Buffer.from(text))).toMatchObject({ code: "CAN_LOG_MDF4" });
  },
);

test("text and bytes in no dialect are told apart", () => {
  expect(recogniseLog(Buffer.from("Dear diary,\ntoday I drove 12.5 km\n"))).toEqual({
    code: "CAN_LOG_UNKNOWN",
    missing: "a line in any dialect",
  });
  expect(recogniseLog(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toEqual({
    code: "CAN_LOG_UNKNOWN",
    missing: "the signature of BLF, pcap or pcapng",
  });
});

test.each([
  ["candump", "garbage cut off at the start\n(1.0) can0 123#00\n"],
  ["candump-screen", "  vcan0  123   [1]  00\n"],
  ["candump-screen", " (2023-11-14 22:13:20.000000)  can0  TX - -  123   [1]  00\n"],
  ["crtd", "1.0 CXX a comment only\n"],
  ["crtd", "1.0 R29 18FF50E5\n"],
  ["gvret-csv", "Time Stamp,ID,Extended,Bus,LEN,D1\n"],
  ["gvret-csv", "-13,000001D4,false,Rx,0,0,\n"],
  ["vector-asc", "date 14.11.2023\nbase dec  timestamps relative\n"],
  ["vector-asc", "  0.1 1  1D4  Rx  d 1 00\n"],
  ["pcan-trc", ";$FILEVERSION=1.3\n"],
  ["pcan-trc", ";   Start time\n    1)      1841      0001 8 00 00 00 00 00 00 00 00\n"],
  ["pcapng", "\n\r\r\n............"],
])("%s is recognised by a header or by one line: %j", (name, text) => {
  expect(recogniseLog(Buffer.from(text)).dialect?.name).toBe(name);
});

const data = process.env["CARPORT_REAL_DATA"] ?? "../shared/data";

describe.runIf(existsSync(data) || process.env["CI"] === "true")("against real recordings", () => {
  const frame = z.object({ t_rel: z.number(), id: z.string(), ext: z.boolean(), dlc: z.number(), data: z.string() });
  const vectors = z.object({ leaf40: z.object({ expected: z.array(frame), dialects: z.array(z.string()) }) });

  function read(path: string) {
    const bytes = readFileSync(`${data}/${path}`);
    const { dialect } = recogniseLog(bytes.subarray(0, 16_384));
    return { name: dialect?.name, ...readRecording(dialect as LogDialect, bytes) };
  }

  test("the same frames come out of all nine dialects", () => {
    const { expected, dialects } = vectors.parse(
      JSON.parse(readFileSync(`${data}/vectors/can-dialects.json`, "utf8")),
    ).leaf40;
    expect(dialects).toHaveLength(9);
    for (const file of dialects) {
      const { frames, reader } = read(`can-dialects/${file}`);
      const start = frames[0]?.time ?? 0;
      const found = frames.map(({ time, id, extended, length, data }) => ({
        t_rel: Math.round((time - start) * 1000) / 1e6,
        id: id.toString(16).toUpperCase().padStart(3, "0"),
        ext: extended,
        dlc: length,
        data: Buffer.from(data).toString("hex"),
      }));
      expect([file, found]).toEqual([file, expected]);
      expect([file, reader.counters.discarded]).toEqual([file, 0]);
    }
  });

  test.each([
    ["ze0-drive.crtd", "crtd", "ze0-drive.log"],
    ["ze0-charge.leaf-can-filter.csv", "leaf-can-filter", "ze0-charge.log"],
    ["ze1-62kwh.parserflags.tsv", "parser-flags-tsv", "ze1-62kwh.log"],
  ])("%s holds what its candump twin holds", (original, name, twin) => {
    const found = read(`can-dialects/${original}`);
    const expected = read(`leaf/${twin}`);
    const bare = (frames: typeof found.frames) => {
      const start = frames[0]?.time ?? 0;
      return candumpLines(
        frames.map((frame) => ({ ...frame, time: Math.round((frame.time - start) * 1000) / 1000, channel: "can0" })),
      );
    };
    expect(found.name).toBe(name);
    expect(found.reader.timeBase).toBe("relative");
    expect(found.reader.counters.discarded).toBe(0);
    expect(bare(found.frames)).toEqual(bare(expected.frames));
  });

  test("every recording of a Leaf is read without a loss", () => {
    for (const file of readdirSync(`${data}/leaf`).filter((name) => name.endsWith(".log"))) {
      const lines = readFileSync(`${data}/leaf/${file}`, "latin1").split("\n").length - 1;
      expect([file, read(`leaf/${file}`).reader.counters]).toEqual([
        file,
        { frames: lines, discarded: 0, firstProblem: undefined },
      ]);
    }
  });
});
