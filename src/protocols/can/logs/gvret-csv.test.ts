import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { gvretCsv } from "./gvret-csv.ts";

const HEADER = "Time Stamp,ID,Extended,Dir,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8\r\n";
const read = (text: string) => readRecording(gvretCsv, text);
const times = (...stamps: readonly (number | string)[]) =>
  read(HEADER + stamps.map((stamp) => `${stamp},000001D4,false,Rx,0,0,,,,,,,,,\r\n`).join("")).frames.map(
    ({ time }) => time * 1000,
  );

test("there are always eight data columns, of which the first LEN are the frame's", () => {
  const { frames } = read(
    `${HEADER}13,0000050C,false,Rx,0,6,00,00,00,00,B2,A6,00,00,\r\n14,18FF50E5,true,Tx,2,1,7,,,,,,,,\r\n`,
  );
  expect(candumpLines(frames)).toEqual(["(0.000013) can0 50C#00000000B2A6 R", "(0.000014) can2 18FF50E5#07 T"]);
});

test("older files without Dir, and sketches without Bus, are read by their header", () => {
  expect(
    read("Time Stamp,ID,Extended,Bus,LEN,D1,D2,D3,D4,D5,D6,D7,D8\n1,000001D4,false,1,1,AA\n").frames,
  ).toMatchObject([{ id: 0x1d4, channel: "1", length: 1 }]);
  expect(read("Time Stamp,ID,Extended,LEN,D1\n1,0x1D4,false,1,AA\n").frames).toMatchObject([
    { id: 0x1d4, channel: "", length: 1 },
  ]);
});

test("a byte order mark before the header is nothing", () => {
  expect(read(`\u{feff}${HEADER}`).reader.counters.discarded).toBe(0);
});

test("the adapter's counter of 32 bits goes on after it has started anew", () => {
  expect(times(4_294_967_290, 4, 14)).toEqual([4_294_967_290, 4_294_967_300, 4_294_967_310]);
});

test("a row from before the counter started anew that comes late gets its own time", () => {
  expect(times(4_294_967_290, 4, 4_294_967_295, 14)).toEqual([
    4_294_967_290, 4_294_967_300, 4_294_967_295, 4_294_967_310,
  ]);
});

test("first rows out of order, steps back and times before zero stay as they are", () => {
  expect(times(5000, 100, -20, 90, 200)).toEqual([5000, 100, -20, 90, 200]);
});

test("microseconds since 1970 are UTC", () => {
  const { frames, reader } = read(`${HEADER}1700000000000013,000001D4,false,Rx,0,0,\n`);
  expect([frames[0]?.time, reader.timeBase]).toEqual([1_700_000_000_000.013, "utc"]);
});

test.each([
  ["x,000001D4,false,Rx,0,1,00", "neither a frame nor the header"],
  ["1,000001D4,false,Rx", "too few columns"],
  ["1,,false,Rx,0,1,00", "no identifier"],
  ["1,18FF50E5,false,Rx,0,1,00", "identifier out of range"],
  ["1,000001D4,maybe,Rx,0,1,00", "Extended is neither true nor false"],
  ["1,000001D4,false,Up,0,1,00", "Dir is neither Rx nor Tx"],
  ["1,000001D4,false,Rx,,1,00", "no bus number"],
  ["1,000001D4,false,Rx,0,,00", "no length"],
  ["1,000001D4,false,Rx,0,3,00,01,", "less data than the length says"],
  ["1,000001D4,false,Rx,0,1,100", "less data than the length says"],
])("%s is discarded: %s", (line, reason) => {
  expect(read(`${HEADER}${line}\n`).reader.counters).toEqual({
    frames: 0,
    discarded: 1,
    firstProblem: { where: "line 2", reason },
  });
});
