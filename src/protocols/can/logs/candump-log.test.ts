import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { candumpLog } from "./candump-log.ts";

const read = (text: string) => readRecording(candumpLog, text);

test("a frame has its time to the microsecond, its interface, id and data", () => {
  const { frames, reader } = read("(1700000000.000013) can0 1D4#F73CF600C744B020\n");
  expect(frames).toEqual([
    {
      time: 1_700_000_000_000.013,
      id: 0x1d4,
      extended: false,
      type: "data",
      fd: false,
      direction: "rx",
      channel: "can0",
      data: Uint8Array.of(0xf7, 0x3c, 0xf6, 0, 0xc7, 0x44, 0xb0, 0x20),
      length: 8,
    },
  ]);
  expect(reader.timeBase).toBe("utc");
});

test("an id of more than three digits is extended, however small it is", () => {
  expect(read("(1.0) can0 000001D4#00\n(1.0) can0 18FF50E5#\n").frames).toMatchObject([
    { id: 0x1d4, extended: true },
    { id: 0x18ff50e5, extended: true, length: 0 },
  ]);
});

test("two hashes mean CAN FD, an R a remote frame, the flag 20000000 an error frame", () => {
  const { frames } = read(
    "(1.0) can0 123##1000102030405060708090A0B\n(1.0) can0 123#R\n(1.0) can0 123#R8\n(1.0) can0 20000004#000C000000000000\n",
  );
  expect(frames).toMatchObject([
    { type: "data", fd: true, length: 12 },
    { type: "remote", length: 0 },
    { type: "remote", length: 8 },
    { type: "error", id: 4, extended: false, length: 8 },
  ]);
});

test("the direction may stand at the end, and a length code beyond 8 before it", () => {
  const { frames } = read("(1.0) can0 123#00 R\n(1.0) can0 123#00 T\n(1.0) can0 123#0011223344556677_B T\n");
  expect(frames.map(({ direction }) => direction)).toEqual(["rx", "tx", "tx"]);
});

test("lines end as on Windows, too, and empty ones are nothing", () => {
  const { frames, reader } = read("(1.0) can0 123#00\r\n\r\n   \n(1.0) can1 123#00\r\n");
  expect(frames.map(({ channel }) => channel)).toEqual(["can0", "can1"]);
  expect(reader.counters.discarded).toBe(1);
});

test.each([
  ["x", "no time stamp in parentheses"],
  ["(1.0 can0 123#00", "no time stamp in parentheses"],
  ["(1.0) can0 123", "no frame of the form id#data"],
  ["(1.0) can0 8FF#00", "identifier out of range"],
  ["(1.0) can0 FFFFFFFF#00", "identifier out of range"],
  ["(1.0) can0 #00", "no identifier"],
  ["(1.0) can0 123#001", "half a byte of data"],
  ["(1.0) can0 123#000102030405060708", "more data than a frame can have"],
  ["(1.0) can0 123##", "no flags behind ##"],
  ["(1.0) can0 123#R9", "a remote frame asks for more than 8 bytes"],
  ["(1.0) can0 123#00 X", "unknown text behind the frame"],
])("%s is discarded: %s", (line, reason) => {
  const { frames, reader } = read(`(1.0) can0 100#00\n${line}\n(1.0) can0 200#00\n`);
  expect(frames.map(({ id }) => id)).toEqual([0x100, 0x200]);
  expect(reader.counters).toEqual({ frames: 2, discarded: 1, firstProblem: { where: "line 2", reason } });
});

test("a last line without its end is kept only when nothing of it can be missing", () => {
  expect(read("(1.0) can0 123#0011223344556677").frames).toHaveLength(1);
  expect(read("(1.0) can0 123#00112233 R").frames).toHaveLength(1);
  const { frames, reader } = read("(1.0) can0 123#00112233");
  expect(frames).toEqual([]);
  expect(reader.counters.firstProblem).toEqual({ where: "line 1", reason: "the file ends within a line" });
});

test("seconds that cannot be since 1970 are the recording's own", () => {
  expect(read("(1100.284004) can0 123#00\n").reader.timeBase).toBe("relative");
});

test("what is written is what canplayer reads", () => {
  const lines = [
    "(1700000000.000013) can0 1D4#F73C R",
    "(1700000000.100000) can1 000001D4#R8 T",
    "(1700000000.100001) can1 123##0000102030405060708090A0B R",
    "(1700000000.200000) can0 20000004#000C000000000000 R",
  ];
  expect(candumpLines(read(`${lines.join("\n")}\n`).frames)).toEqual(lines);
});
