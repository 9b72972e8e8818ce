import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";

/** Numbers of 32 and 16 bits, in the byte order of the machine that captured. */
interface Order {
  readonly u32: (value: number) => Buffer;
  readonly u16: (value: number) => Buffer;
}
const little: Order = {
  u32: (value) => Buffer.from(Uint32Array.of(value).buffer),
  u16: (value) => Buffer.from(Uint16Array.of(value).buffer),
};
const big: Order = { u32: (value) => little.u32(value).reverse(), u16: (value) => little.u16(value).reverse() };

const can = (id: number, data: string, { order = big, flags = 0 } = {}): Buffer => {
  const payload = Buffer.from(data, "hex");
  return Buffer.concat([order.u32(id >>> 0), Buffer.from([payload.length, flags, 0, 0]), payload]);
};
const cooked = (type: number, protocol: number, frame: Buffer): Buffer =>
  Buffer.concat([big.u16(type), big.u16(280), Buffer.alloc(10), big.u16(protocol), frame]);
const cooked2 = (type: number, protocol: number, frame: Buffer): Buffer =>
  Buffer.concat([
    big.u16(protocol),
    big.u16(0),
    big.u32(3),
    big.u16(280),
    Buffer.from([type, 0]),
    Buffer.alloc(8),
    frame,
  ]);

const start = (linkType: number, { u32, u16 }: Order = little, magic = 0xa1b2c3d4): Buffer =>
  Buffer.concat([u32(magic), u16(2), u16(4), u32(0), u32(0), u32(65_535), u32(linkType)]);
const record = (packet: Buffer, { u32 }: Order = little, fraction = 13): Buffer =>
  Buffer.concat([u32(1_700_000_000), u32(fraction), u32(packet.length), u32(packet.length), packet]);
const FRAME = can(0x1d4, "f73c000000000000");
const LINE = "(1700000000.000013) can0 1D4#F73C000000000000 R";

const readPcap = (...parts: readonly Buffer[]) => readRecording(pcap, Buffer.concat(parts));

test("every kind of frame is told by the flags in its id and behind its length", () => {
  const { frames, reader } = readPcap(
    start(227),
    ...[
      FRAME,
      can(0x98ff50e5, "00"),
      can(0x400001d4, "0000"),
      can(0x20000004, "000c000000000000"),
      can(0x1d4, "00", { flags: 4 }),
    ].map((packet) => record(packet)),
  );
  expect(candumpLines(frames).map((line) => line.slice(20))).toEqual([
    "can0 1D4#F73C000000000000 R",
    "can0 18FF50E5#00 R",
    "can0 1D4#R2 R",
    "can0 20000004#000C000000000000 R",
    "can0 1D4##000 R",
  ]);
  expect(reader).toMatchObject({ timeBase: "utc", counters: { discarded: 0 } });
});

test("either byte order and nanoseconds", () => {
  expect(candumpLines(readPcap(start(227, big), record(FRAME, big)).frames)).toEqual([LINE]);
  expect(candumpLines(readPcap(start(227, little, 0xa1b23c4d), record(FRAME, little, 13_999)).frames)).toEqual([LINE]);
});

test("cooked captures keep the id in the order of the machine, know what was sent, and hold other protocols", () => {
  for (const order of [little, big]) {
    const frame = can(0x1d4, "f73c", { order });
    const { frames, reader } = readPcap(
      start(113, order),
      record(cooked(0, 0x0c, frame), order),
      record(cooked(4, 0x0d, frame), order),
      record(cooked(0, 0x0800, Buffer.alloc(20)), order),
    );
    expect(candumpLines(frames).map((line) => line.slice(20))).toEqual(["can0 1D4#F73C R", "can0 1D4##0F73C T"]);
    expect(reader.counters.discarded).toBe(0);
    const second = readPcap(start(276, order), record(cooked2(4, 0x0c, frame), order));
    expect(candumpLines(second.frames).map((line) => line.slice(20))).toEqual(["can3 1D4#F73C T"]);
  }
});

test("garbage between records is skipped and counted once", () => {
  const { frames, reader } = readPcap(start(227), record(FRAME), Buffer.alloc(333, 0xff), record(FRAME), record(FRAME));
  expect(candumpLines(frames)).toEqual([LINE, LINE, LINE]);
  expect(reader.counters).toMatchObject({ discarded: 1, firstProblem: { where: "byte 56" } });
});

test("a length that swallows the rest of the file costs its own record only", () => {
  const broken = record(FRAME);
  broken.writeUInt32LE(200_000, 8);
  broken.writeUInt32LE(200_000, 12);
  const { frames, reader } = readPcap(start(227), record(FRAME), broken, ...Array(10).fill(record(FRAME)));
  expect(frames).toHaveLength(11);
  expect(reader.counters.discarded).toBe(1);
});

test("captures of other networks give a reason instead of frames", () => {
  const { frames, reader } = readPcap(start(1), record(Buffer.alloc(60)));
  expect(frames).toEqual([]);
  expect(reader.counters.firstProblem?.reason).toBe("packets of link type 1, which is not CAN");
});

const block = (type: number, body: Buffer, { u32 }: Order = little): Buffer => {
  const size = 12 + Math.ceil(body.length / 4) * 4;
  return Buffer.concat([u32(type), u32(size), body, Buffer.alloc(size - 12 - body.length), u32(size)]);
};
const section = (order: Order = little): Buffer =>
  block(0x0a0d0d0a, Buffer.concat([order.u32(0x1a2b3c4d), order.u16(1), order.u16(0), Buffer.alloc(8, 0xff)]), order);
const option = (code: number, value: Buffer, { u16 }: Order = little): Buffer =>
  Buffer.concat([u16(code), u16(value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
const described = (linkType: number, options: readonly Buffer[] = [], order: Order = little): Buffer =>
  block(1, Buffer.concat([order.u16(linkType), order.u16(0), order.u32(0), ...options]), order);
const packet = (from: number, ticks: bigint, frame: Buffer, order: Order = little): Buffer => {
  const { u32 } = order;
  const times = [u32(Number(ticks >> 32n)), u32(Number(ticks & 0xffffffffn))];
  return block(6, Buffer.concat([u32(from), ...times, u32(frame.length), u32(frame.length), frame]), order);
};
const TICKS = 1_700_000_000_000_013n;

const readPcapng = (...parts: readonly Buffer[]) => readRecording(pcapng, Buffer.concat(parts));

test("pcapng: several interfaces, each with its name, resolution and offset", () => {
  const { frames, reader } = readPcapng(
    section(),
    described(227, [option(2, Buffer.from("can1")), option(9, Buffer.from([9]))]),
    described(227, [
      option(9, Buffer.from([0x80 | 10])),
      option(14, Buffer.from(BigInt64Array.of(1_700_000_000n).buffer)),
    ]),
    described(227),
    packet(0, TICKS * 1000n + 999n, FRAME),
    packet(1, 512n, FRAME),
    block(5, Buffer.alloc(12)),
    packet(2, TICKS, FRAME),
  );
  expect(candumpLines(frames)).toEqual([
    LINE.replace("can0", "can1"),
    LINE.replace("can0", "can1").replace(".000013", ".500000"),
    LINE.replace("can0", "can2"),
  ]);
  expect(frames.map(({ channel }) => channel)).toEqual(["can1", "1", "2"]);
  expect(reader.counters.discarded).toBe(0);
});

test("pcapng: a new section may change the byte order and describes its interfaces anew", () => {
  const { frames } = readPcapng(
    section(),
    described(227),
    packet(0, TICKS, FRAME),
    section(big),
    described(227, [], big),
    packet(0, TICKS, FRAME, big),
  );
  expect(frames).toHaveLength(2);
});

test("pcapng: garbage is skipped, and blocks that lie about themselves are counted", () => {
  const broken = packet(0, TICKS, FRAME);
  broken.writeUInt32LE(900_000, 4);
  const { frames, reader } = readPcapng(
    ...[section(), described(227), packet(0, TICKS, FRAME), broken, packet(0, TICKS, FRAME)],
    ...[packet(7, TICKS, FRAME), Buffer.alloc(99, 0xaa), packet(0, TICKS, FRAME)],
  );
  expect(frames).toHaveLength(3);
  expect(reader.counters).toMatchObject({ discarded: 3, firstProblem: { reason: "no block where one should begin" } });
});
