import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { pcanTrc } from "./pcan-trc.ts";

const read = (text: string) => readRecording(pcanTrc, text);
const START = ";$STARTTIME=45244.9259259259\n";

test("1.0 has no version line, no type and no direction", () => {
  const { frames, reader } = read(`;   Start time: 11.09.2002 16:00:20.682
    1)      1841      0001 8 00 00 00 00 00 00 00 00
    2)      1842      0008 4 ERROR 00 19 08 08
    3)      1843  FFFFFFFF 4 00 00 00 04 ------BUSLIGHT
    4)      1844  18FF50E5 3 RTR
`);
  expect(candumpLines(frames)).toEqual([
    "(1.841000) can0 001#0000000000000000 R",
    "(1.842000) can0 20000000# R",
    "(1.844000) can0 18FF50E5#R3 R",
  ]);
  expect(reader.timeBase).toBe("relative");
  expect(reader.counters.discarded).toBe(0);
});

test("1.1 has a start and a type", () => {
  const { frames, reader } = read(`;$FILEVERSION=1.1\n${START}
     1)      1059.9  Rx         0300  2  00 04
     2)      1283.2  Tx     18FF50E5  1  00
     3)      1346.8  Warng  FFFFFFFF  4  00 00 00 04  BUSLIGHT
     4)      1349.2  Error      0008  4  00 19 08 08
     5)      1352.7  Rx         0100  3  RTR
`);
  expect(candumpLines(frames)).toEqual([
    "(1700000001.059898) can0 300#0004 R",
    "(1700000001.283198) can0 18FF50E5#00 T",
    "(1700000001.349198) can0 20000000# R",
    "(1700000001.352698) can0 100#R3 R",
  ]);
  expect(reader.timeBase).toBe("utc");
  expect(reader.counters.discarded).toBe(0);
});

test("1.2 has a bus, 1.3 a reserved column as well", () => {
  expect(candumpLines(read(";$FILEVERSION=1.2\n 1)  1059.900 2  Rx  0300  2  00 04\n").frames)).toEqual([
    "(1.059900) can2 300#0004 R",
  ]);
  expect(candumpLines(read(";$FILEVERSION=1.3\n 1)  1059.900 2  Tx  0300 -  2    00 04\n").frames)).toEqual([
    "(1.059900) can2 300#0004 T",
  ]);
});

test("2.0 names its columns and has CAN FD with lengths in bytes", () => {
  const { frames, reader } = read(`;$FILEVERSION=2.0\n;$COLUMNS=N,O,T,I,d,l,D
      1      1059.900 DT     0300 Rx 2  00 04
      2      1334.416 FD     0500 Tx 12 01 02 03 04 05 06 07 08 09 0A 0B 0C
      3      1334.522 ER          Rx    04 00 02 00 00
      4      1334.531 ST          Rx    00 00 00 08
      5      1334.643 EC          Rx    02 02
      6      1336.543 RR     0100 Rx 3
      7      1336.600 EV User-defined event
`);
  expect(candumpLines(frames)).toEqual([
    "(1.059900) can0 300#0004 R",
    "(1.334416) can0 500##00102030405060708090A0B0C T",
    "(1.334522) can0 20000000# R",
    "(1.336543) can0 100#R3 R",
  ]);
  expect(reader.counters.discarded).toBe(0);
});

test("2.1 has a bus and length codes, in whatever order its header says", () => {
  const line = "      2         2.000 FB  2      0101 Rx -  9    00 01 02 03 04 05 06 07 08 09 0A 0B\n";
  const expected = ["(0.002000) can2 101##0000102030405060708090A0B R"];
  expect(candumpLines(read(`;$FILEVERSION=2.1\n${line}`).frames)).toEqual(expected);
  const swapped = "      2         2.000  2 FB     0101 Rx -  9    00 01 02 03 04 05 06 07 08 09 0A 0B\n";
  expect(candumpLines(read(`;$FILEVERSION=2.1\n;$COLUMNS=N,O,B,T,I,d,R,L,D\n${swapped}`).frames)).toEqual(expected);
});

test.each([
  ["garbage", "no message number"],
  ["1 x DT 1 0300 Rx - 1 00", "no time offset"],
  ["1 1.0 DT x 0300 Rx - 1 00", "no bus number"],
  ["1 1.0 XX 1 0300 Rx - 1 00", "an unknown type of message"],
  ["1 1.0 DT 1 0300 Up - 1 00", "neither Rx nor Tx"],
  ["1 1.0 DT 1 0900 Rx - 1 00", "identifier out of range"],
  ["1 1.0 DT 1 0300 Rx - 9 00", "no length"],
  ["1 1.0 DT 1 0300 Rx - 3 00 01", "less data than the length says"],
])("%s is discarded: %s", (line, reason) => {
  const { reader } = read(`;$FILEVERSION=2.1\n${line}\n`);
  expect(reader.counters).toEqual({ frames: 0, discarded: 1, firstProblem: { where: "line 2", reason } });
});
