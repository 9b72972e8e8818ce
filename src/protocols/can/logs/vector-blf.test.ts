import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { vectorBlf } from "./vector-blf.ts";

const u16 = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: bigint): Buffer => Buffer.from(BigUint64Array.of(value).buffer);
const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);

/** Tuesday 2023-11-14 22:13:20.250 */
const START = Buffer.concat([2023, 11, 2, 14, 22, 13, 20, 250].map(u16));

function header(start = START): Buffer {
  const file = Buffer.alloc(144);
  file.write("LOGG");
  file.writeUInt32LE(144, 4);
  start.copy(file, 40);
  return file;
}

function object(type: number, body: Buffer, { flags = 2, time = 13_000n, version = 1 } = {}): Buffer {
  const size = version === 1 ? 32 : 40;
  const head = [
    Buffer.from("LOBJ"),
    u16(size),
    u16(version),
    u32(size + body.length),
    u32(type),
    u32(flags),
    u32(0),
    u64(time),
  ];
  const padding = Buffer.alloc(body.length % 4);
  return Buffer.concat([...head, Buffer.alloc(size - 32), body, padding]);
}

function container(content: Buffer, compressed = true, whole = content.length): Buffer {
  const packed = compressed ? deflateSync(content) : content;
  const size = 32 + packed.length;
  const head = [
    Buffer.from("LOBJ"),
    u16(16),
    u16(1),
    u32(size),
    u32(10),
    u16(compressed ? 2 : 0),
    Buffer.alloc(6),
    u32(whole),
    u32(0),
  ];
  return Buffer.concat([...head, packed, Buffer.alloc(size % 4)]);
}

const can = (
  id: number,
  data: Buffer,
  { type = 1, flags = 0, ...times }: { type?: number; flags?: number; time?: bigint } = {},
) =>
  object(type, Buffer.concat([u16(1), bytes(flags, data.length), u32(id), data, Buffer.alloc(8 - data.length)]), times);
const FRAME = can(0x1d4, bytes(0xf7, 0x3c));
const LINE = "(1700000000.250013) can1 1D4#F73C R";

const read = (...parts: readonly Buffer[]) => readRecording(vectorBlf, Buffer.concat(parts));

test("frames are read from compressed, uncompressed and no containers", () => {
  const { frames, reader } = read(header(), container(FRAME), container(FRAME, false), FRAME);
  expect(candumpLines(frames)).toEqual([LINE, LINE, LINE]);
  expect(reader).toMatchObject({ timeBase: "utc", counters: { frames: 3, discarded: 0 } });
});

test("an object may go on in the next container, wherever the cut is", () => {
  const content = Buffer.concat([FRAME, FRAME, FRAME]);
  for (let cut = 0; cut <= content.length; cut++) {
    const { frames, reader } = read(header(), container(content.subarray(0, cut)), container(content.subarray(cut)));
    expect(candumpLines(frames)).toEqual([LINE, LINE, LINE]);
    expect(reader.counters.discarded).toBe(0);
  }
});

test("every type of CAN object is understood", () => {
  const fd = Buffer.concat([
    u16(1),
    bytes(1, 9),
    u32(0x1d4),
    u32(0),
    bytes(0, 1, 12),
    Buffer.alloc(5),
    Buffer.alloc(64, 7),
  ]);
  const fd64 = (flags: number, direction: number) =>
    Buffer.concat([
      bytes(1, 2, 2, 0),
      u32(0x98ff50e5),
      u32(0),
      u32(flags),
      Buffer.alloc(18),
      bytes(direction, 0),
      u32(0),
      bytes(1, 2),
    ]);
  const { frames, reader } = read(
    header(),
    can(0x98ff50e5, bytes(1), { flags: 0x01 }),
    can(0x1d4, bytes(), { type: 86, flags: 0x80 }),
    object(100, fd),
    object(101, fd64(0x1000, 1)),
    object(101, fd64(0x0000, 0)),
    object(2, Buffer.concat([u16(2), u16(0)])),
    object(73, Buffer.concat([u16(2), Buffer.alloc(30)])),
    object(104, Buffer.concat([bytes(2), Buffer.alloc(40)])),
    object(65, Buffer.from("a text that is no frame")),
    FRAME,
  );
  expect(candumpLines(frames).map((line) => line.slice(20))).toEqual([
    "can1 18FF50E5#01 T",
    "can1 1D4#R R",
    `can1 1D4##0${"07".repeat(12)} T`,
    "can1 18FF50E5##00102 T",
    "can1 18FF50E5#0102 R",
    "can2 20000000# R",
    "can2 20000000# R",
    "can2 20000000# R",
    "can1 1D4#F73C R",
  ]);
  expect(reader.counters.discarded).toBe(0);
});

test("time stamps are in ns or in 10 µs, with either object header", () => {
  const times = read(
    header(),
    can(1, bytes(), { time: 1_500_001_000n }),
    object(1, Buffer.alloc(16), { flags: 1, time: 150_000n }),
    object(1, Buffer.alloc(16), { time: 1_500_001_000n, version: 2 }),
  ).frames.map(({ time }) => time);
  expect(times).toEqual([1_700_000_001_750.001, 1_700_000_001_750, 1_700_000_001_750.001]);
});

test("without a start the times are the recording's own", () => {
  const { frames, reader } = read(header(Buffer.alloc(16)), FRAME);
  expect([frames[0]?.time, reader.timeBase]).toEqual([0.013, "relative"]);
});

test("a damaged container is counted, and what was to go on from it is not made up", () => {
  const good = container(Buffer.concat([FRAME, FRAME.subarray(0, 20)]));
  const damaged = container(Buffer.concat([FRAME.subarray(20), FRAME]));
  damaged.fill(0xff, 32);
  const { frames, reader } = read(header(), good, damaged, container(Buffer.concat([FRAME.subarray(20), FRAME])));
  expect(candumpLines(frames)).toEqual([LINE, LINE]);
  expect(reader.counters).toMatchObject({ discarded: 1, firstProblem: { reason: "a container that is damaged" } });
});

test("garbage between objects is skipped and counted once", () => {
  const { frames, reader } = read(header(), FRAME, Buffer.alloc(1000, "garbage"), FRAME);
  expect(candumpLines(frames)).toEqual([LINE, LINE]);
  expect(reader.counters).toMatchObject({ discarded: 1, firstProblem: { reason: "no object where one should begin" } });
});

test("what there is of a last container that was cut off is read", () => {
  const noise = Array.from({ length: 400 }, (_, i) => can(i, bytes((i * 37) & 0xff, (i * 101) & 0xff)));
  const whole = Buffer.concat([header(), container(Buffer.concat(noise))]);
  const { frames, reader } = readRecording(vectorBlf, whole.subarray(0, whole.length / 2));
  expect(frames.length).toBeGreaterThan(100);
  expect(reader.counters).toMatchObject({ discarded: 1, firstProblem: { reason: "the file ends within an object" } });
});

test("a container that claims more than it holds is counted", () => {
  const { frames, reader } = read(header(), container(FRAME, true, 1000));
  expect(frames).toHaveLength(1);
  expect(reader.counters.discarded).toBe(1);
});

test.each([
  [
    "an object of impossible size",
    Buffer.concat([Buffer.from("LOBJ"), u16(32), u16(1), u32(8), u32(1), Buffer.alloc(16)]),
  ],
  ["an object that is too short for its type", object(1, Buffer.alloc(4))],
  ["identifier out of range", can(0x800, bytes())],
  [
    "more data than a frame can have",
    object(100, Buffer.concat([u16(1), bytes(0, 9), u32(1), u32(0), bytes(0, 0, 12), Buffer.alloc(69)])),
  ],
  [
    "less data than the length says",
    object(100, Buffer.concat([u16(1), bytes(0, 9), u32(1), u32(0), bytes(0, 1, 12), Buffer.alloc(10)])),
  ],
])("%s: the object is discarded and the next one read", (reason, broken) => {
  const { frames, reader } = read(header(), broken, FRAME);
  expect(candumpLines(frames)).toEqual([LINE]);
  expect(reader.counters).toMatchObject({ discarded: 1, firstProblem: { reason } });
});

test("a file that ends within its header is said to", () => {
  expect(read(header().subarray(0, 100)).reader.counters).toMatchObject({
    frames: 0,
    firstProblem: { where: "byte 0", reason: "the file ends within its header" },
  });
});
