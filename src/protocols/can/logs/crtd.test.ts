import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { crtd } from "./crtd.ts";

const read = (text: string) => readRecording(crtd, text);

test("frames come with and without a bus number, sent and received, with 11 and 29 bits", () => {
  const { frames, reader } = read(
    "1100.284004 R11 000001D4 A0 6D 00 00 42 00 50 FB \n" +
      "1100.284014 2T29 18FF50E5 0e 10\n" +
      "1700000000.000001 1R11 68C\n",
  );
  expect(candumpLines(frames)).toEqual([
    "(1100.284004) can0 1D4#A06D0000420050FB R",
    "(1100.284014) can2 18FF50E5#0E10 T",
    "(1700000000.000001) can1 68C# R",
  ]);
  expect(frames.map(({ channel }) => channel)).toEqual(["", "2", "1"]);
  expect(reader.timeBase).toBe("relative");
});

test("comments, events and other records are no frames and no problem", () => {
  const { frames, reader } = read("1.0 CXX comment\n1.0 1CEV event\n1.0 CST 1 2 3\n");
  expect(frames).toEqual([]);
  expect(reader.counters.discarded).toBe(0);
});

test.each([
  ["x R11 1D4 00", "no time stamp"],
  ["1.0 X11 1D4 00", "neither a frame nor a comment"],
  ["1.0 R12 1D4 00", "an identifier of neither 11 nor 29 bits"],
  ["1.0 R11 18FF50E5 00", "identifier out of range"],
  ["1.0 R11 1D4 00 01 02 03 04 05 06 07 08", "more data than a frame can have"],
  ["1.0 R11 1D4 00 1", "data that is not bytes in hexadecimal"],
  ["1.0 R11 1D4 00 no", "data that is not bytes in hexadecimal"],
])("%s is discarded: %s", (line, reason) => {
  expect(read(`${line}\n`).reader.counters).toEqual({
    frames: 0,
    discarded: 1,
    firstProblem: { where: "line 1", reason },
  });
});
