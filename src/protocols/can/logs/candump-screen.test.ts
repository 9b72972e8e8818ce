import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { candumpScreen } from "./candump-screen.ts";

const read = (text: string) => readRecording(candumpScreen, text);

test("frames with seconds, with a date and with flags are the same frame", () => {
  const { frames, reader } = read(
    " (1700000000.000013)  can0  1D4   [8]  F7 3C F6 00 C7 44 B0 20\n" +
      " (2023-11-14 22:13:20.000013)  can0  1D4   [8]  F7 3C F6 00 C7 44 B0 20   'x<..D. '\n" +
      " (1700000000.000013)  can0  RX - -  1D4   [8]  F7 3C F6 00 C7 44 B0 20\n",
  );
  expect(candumpLines(frames)).toEqual(Array(3).fill("(1700000000.000013) can0 1D4#F73CF600C744B020 R"));
  expect(reader.timeBase).toBe("utc");
});

test("without a time every frame is at 0 and the recording says so", () => {
  const { frames, reader } = read("  can0  1D4   [2]  F7 3C\n  can0  18FF50E5   [1]  00\n");
  expect(frames).toMatchObject([
    { time: 0, id: 0x1d4 },
    { time: 0, id: 0x18ff50e5, extended: true },
  ]);
  expect(reader.timeBase).toBe("none");
});

test("remote, error, CAN FD and sent frames are told apart", () => {
  const { frames, reader } = read(
    "  can0  123   [8]  remote request\n" +
      "  can0  20000004   [8]  00 0C 00 00 00 00 00 00   ERRORFRAME\n" +
      "\tcontroller-problem{tx-error-warning}\n" +
      "  can0  TX B -  123  [12]  00 01 02 03 04 05 06 07 08 09 0A 0B\n" +
      "  can0  123  [01]  00\n",
  );
  expect(frames).toMatchObject([
    { type: "remote", length: 8 },
    { type: "error", id: 4 },
    { fd: true, length: 12, direction: "tx" },
    { fd: true, length: 1 },
  ]);
  expect(reader.counters.discarded).toBe(0);
});

test.each([
  ["(soon)  can0  123   [1]  00", "no time stamp in the parentheses"],
  ["  can0  xyz   [1]  00", "no identifier"],
  ["  can0  123   8  00", "no length in brackets"],
  ["  can0  123   [9]  00 01 02 03 04 05 06 07 08", "more data than a frame can have"],
  ["  can0  123   [3]  00 01", "less data than the length says"],
])("%s is discarded: %s", (line, reason) => {
  expect(read(`${line}\n`).reader.counters).toEqual({
    frames: 0,
    discarded: 1,
    firstProblem: { where: "line 1", reason },
  });
});
