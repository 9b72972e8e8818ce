import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { vectorAsc } from "./vector-asc.ts";

const HEADER = "date Tue Nov 14 10:13:20.250 pm 2023\nbase hex  timestamps absolute\nno internal events logged\n";
const read = (text: string) => readRecording(vectorAsc, text);

test("data, remote, extended and error frames", () => {
  const { frames, reader } = read(
    `${HEADER}// version 13.0.0
   0.000013 1  1D4             Rx   d 2 F7 3C  Length = 0 BitCount = 0 ID = 468
   0.100000 2  18FF50E5x       Tx   d 1 00
   0.200000 1  1D4             Rx   r
   0.200001 1  1D4             Rx   r 8
   0.300000 1  ErrorFrame      ECC: 10100010
`,
  );
  expect(candumpLines(frames)).toEqual([
    "(1700000000.250013) can1 1D4#F73C R",
    "(1700000000.350000) can2 18FF50E5#00 T",
    "(1700000000.450000) can1 1D4#R R",
    "(1700000000.450001) can1 1D4#R8 R",
    "(1700000000.550000) can1 20000000# R",
  ]);
  expect(reader.counters.discarded).toBe(0);
});

test("decimal files have decimal ids and bytes", () => {
  const { frames } = read(
    "base dec  timestamps absolute\n 0.000000 1  468  Rx  d 3 247 60 0\n 0.1 1  419385573x  Rx  d 1 16\n",
  );
  expect(candumpLines(frames)).toEqual(["(0.000000) can1 1D4#F73C00 R", "(0.100000) can1 18FF50E5#10 R"]);
});

test("relative times count from the line before, events included", () => {
  const { frames } = read(
    "base hex  timestamps relative\n 0.000000 Start of measurement\n 0.500000 1  1D4  Rx  d 1 00\n 0.250000 1  Statistic: D 0 R 0\n 0.250000 1  1D4  Rx  d 1 00\n",
  );
  expect(frames.map(({ time }) => time)).toEqual([500, 1000]);
});

test("the start of the frames is nearer to the truth than the date of the file", () => {
  const { frames } = read(
    `${HEADER}Begin Triggerblock Tue Nov 14 22:13:20.0 2023\n 1.000000 1  1D4  Rx  d 1 00\nEnd TriggerBlock\n` +
      "Begin Triggerblock Tue Nov 14 23:13:20.0 2023\n 3601.000000 1  1D4  Rx  d 1 00\n",
  );
  expect(frames.map(({ time }) => time)).toEqual([1_700_000_001_000, 1_700_003_601_000]);
});

test.each([
  ["date Die Nov 14 22:13:20 2023", "German"],
  ["date mar. nov. 14 22:13:20.000 2023", "French"],
  ["date Tue Nov 14 10:13:20 PM 2023", "twelve hours"],
])("%s is understood (%s)", (date) => {
  const { frames, reader } = read(`${date}\nbase hex  timestamps absolute\n 0.0 1  1D4  Rx  d 1 00\n`);
  expect([frames[0]?.time, reader.timeBase]).toEqual([1_700_000_000_000, "utc"]);
});

test.each(["Mär", "MÃ¤r", "Mrz", "Mar"])("March is March as %s", (month) => {
  const text = `date Mon ${month} 4 12:00:00 2024\nbase hex  timestamps absolute\n 0.0 1  1D4  Rx  d 1 00\n`;
  expect(readRecording(vectorAsc, Buffer.from(text, "latin1")).frames[0]?.time).toBe(Date.UTC(2024, 2, 4, 12));
});

test("without a date that can be understood the times are the file's own", () => {
  const { frames, reader } = read("date 14.11.2023\nbase hex  timestamps absolute\n 1.5 1  1D4  Rx  d 1 00\n");
  expect([frames[0]?.time, reader.timeBase]).toEqual([1500, "relative"]);
});

test("CANFD lines with and without a name carry CAN FD, classical and remote frames", () => {
  const { frames, reader } = read(
    `base hex  timestamps absolute
 0.1 CANFD   1 Rx        1D4  Name                     1 0 9 12 00 01 02 03 04 05 06 07 08 09 0a 0b   130000  130     3000 0 0 0 0 0
 0.2 CANFD   1 Tx   18FF50E5x                          0 0 2  2 00 01   130000  130     1000 0 0 0 0 0
 0.3 CANFD   1 Rx        1D4                           0 0 2  2 00 01   130000  130        0 0 0 0 0 0
 0.4 CANFD   1 Rx        1D4                           0 0 8  0    130000  130     10 0 0 0 0 0
 0.5 CANFD   1 Rx        1D4 1 0 d 32 ${"00 ".repeat(32)}// no flags
 0.6 CANFD   1 Rx        ErrorFrame Not Acknowledge error
`,
  );
  expect(frames).toMatchObject([
    { fd: true, length: 12 },
    { fd: true, length: 2, extended: true, direction: "tx" },
    { fd: false, length: 2 },
    { type: "remote" },
    { fd: true, length: 32 },
    { type: "error" },
  ]);
  expect(reader.counters.discarded).toBe(0);
});

test("events, statistics and other buses are no frames and no problem", () => {
  const { frames, reader } = read(
    `${HEADER} 0.0 Start of measurement
 0.0 CAN 1 Status:chip status error active
 0.5 1  Statistic: D 0 R 0 XD 0 XR 0 E 0 O 0 B 0.00%
 0.6 LI 1 Event
 0.7 1  1D4  TxRq  d 1 00
 0.8 Log Trigger Event
 0.9 SV: 1 0 1 ::Environment
End TriggerBlock
`,
  );
  expect(frames).toEqual([]);
  expect(reader.counters.discarded).toBe(0);
});

test.each([
  ["garbage", "neither a frame nor a header"],
  ["0.0 1  1D4  Up  d 1 00", "neither Rx nor Tx"],
  ["0.0 1  1D4  Rx  q 1 00", "neither data nor remote"],
  ["0.0 1  FFF  Rx  d 1 00", "identifier out of range"],
  ["0.0 1  1D4  Rx  d", "no length"],
  ["0.0 1  1D4  Rx  d 3 00 01", "less data than the length says"],
  ["0.0 1  EngineData  Rx  d 1 00", "an identifier by name: save the recording with numeric ones"],
  ["0.0 CANFD 1 Rx 1D4 0 0 f 64 00 01", "less data than the length says"],
  ["0.0 CANFD 1 Rx 1D4 name 7", "no bit rate switch"],
])("%s is discarded: %s", (line, reason) => {
  const { reader } = read(`base hex  timestamps absolute\n${line}\n`);
  expect(reader.counters).toEqual({ frames: 0, discarded: 1, firstProblem: { where: "line 2", reason } });
});
