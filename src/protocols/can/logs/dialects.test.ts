import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader } from "#domain/can-log.ts";
import { dataFrame, errorFrame, FD_LENGTHS, NO_DATA, remoteFrame } from "../frame.ts";
import type { LogDialect } from "./dialect.ts";
import { logDialects, recogniseLog } from "./recognise.ts";

const START = Date.UTC(2023, 10, 14);
const CHANNEL = "can0";

const id = fc
  .boolean()
  .chain((extended) => fc.record({ extended: fc.constant(extended), id: fc.nat(extended ? 0x1fffffff : 0x7ff) }));
const classical = fc
  .tuple(id, fc.uint8Array({ maxLength: 8 }), fc.constantFrom("rx", "tx"))
  .map(([{ id, extended }, data, direction]) => dataFrame(0, id, extended, false, direction, CHANNEL, data));
const fd = fc
  .tuple(id, fc.constantFrom(...FD_LENGTHS), fc.nat(255), fc.constantFrom("rx", "tx"))
  .map(([{ id, extended }, length, byte, direction]) =>
    dataFrame(0, id, extended, true, direction, CHANNEL, new Uint8Array(length).fill(byte)),
  );
const remote = fc
  .tuple(id, fc.nat(8), fc.constantFrom("rx", "tx"))
  .map(([{ id, extended }, length, direction]) => remoteFrame(0, id, extended, direction, CHANNEL, length));
const error = fc
  .tuple(fc.nat(0x7ff), fc.uint8Array({ minLength: 8, maxLength: 8 }))
  .map(([bits, data]) => errorFrame(0, bits, "rx", CHANNEL, data));

/** Frames of every kind, each some µs after the one before. */
const recordings = fc
  .tuple(
    fc.constantFrom(0, 1_100_284_004, START * 1000 + 123_456),
    fc.array(fc.tuple(fc.oneof(classical, fd, remote, error), fc.nat(2_000_000)), { maxLength: 40 }),
  )
  .map(([start, steps]) => {
    let time = start;
    return steps.map(([frame, step]): CanFrame => {
      time += step;
      return { ...frame, time: time / 1000 };
    });
  });

/** What of a frame survives a dialect. */
interface Survival {
  readonly channel: string;
  readonly frames: "all" | "classical data" | "classical data, ids over 7FF are extended";
  readonly direction: boolean;
  readonly errorDetail: boolean;
}
const everything: Survival = { channel: CHANNEL, frames: "all", direction: true, errorDetail: true };
const byNumber: Survival = { channel: "1", frames: "all", direction: true, errorDetail: false };
const table: Survival = {
  channel: "",
  frames: "classical data, ids over 7FF are extended",
  direction: false,
  errorDetail: false,
};
const survivals: Readonly<Record<string, Survival>> = {
  candump: everything,
  "candump-screen": everything,
  pcap: { ...everything, channel: "", direction: false },
  "vector-asc": byNumber,
  "vector-blf": byNumber,
  "pcan-trc": byNumber,
  crtd: { ...byNumber, frames: "classical data" },
  "gvret-csv": { ...byNumber, channel: "0", frames: "classical data" },
  "parser-flags-tsv": { ...table, channel: "0", direction: true },
  "leaf-can-filter": table,
  "influx-telemetry-tsv": table,
};

function survives(frame: CanFrame, survival: Survival): boolean {
  if (survival.frames === "all") return true;
  if (frame.type !== "data" || frame.fd) return false;
  return survival.frames === "classical data" || frame.extended === frame.id > 0x7ff;
}

function surviving(frame: CanFrame, survival: Survival): CanFrame {
  const direction = survival.direction && frame.type !== "error" ? frame.direction : "rx";
  const bare = frame.type === "error" && !survival.errorDetail ? { id: 0, data: NO_DATA, length: 0 } : {};
  return { ...frame, channel: survival.channel, direction, ...bare };
}

function written(dialect: LogDialect, frames: readonly CanFrame[]): { bytes: Buffer; omitted: number } {
  const writer = dialect.writer?.();
  if (writer === undefined) throw new Error(`${dialect.name} is not written`);
  const half = frames.length >> 1;
  const bytes = Buffer.concat([writer.write(frames.slice(0, half)), writer.write(frames.slice(half)), writer.end()]);
  if (writer.header !== undefined) bytes.set(writer.header());
  return { bytes, omitted: writer.omitted };
}

function readAll(reader: CanLogReader, bytes: Uint8Array, cuts: readonly number[] = []): CanFrame[] {
  const frames: CanFrame[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b)) {
    frames.push(...reader.read(bytes.subarray(from, cut)));
    from = cut;
  }
  frames.push(...reader.end());
  return frames;
}

const cuts = fc.array(fc.nat(4000), { maxLength: 30 });
const writable = logDialects.filter((dialect) => dialect.writer !== undefined);

describe.each(writable)("$name", (dialect) => {
  const survival = survivals[dialect.name] ?? everything;

  test("frames that were written are read back, and those it cannot express are counted", () => {
    fc.assert(
      fc.property(recordings, (frames) => {
        const { bytes, omitted } = written(dialect, frames);
        const reader = dialect.reader();
        const expected = frames.filter((frame) => survives(frame, survival));
        expect(readAll(reader, bytes)).toEqual(expected.map((frame) => surviving(frame, survival)));
        expect(omitted).toBe(frames.length - expected.length);
        expect(reader.counters).toMatchObject({ frames: expected.length, discarded: 0 });
      }),
      { numRuns: 60 },
    );
  });

  test("what it wrote is recognised by its content", () => {
    const { bytes } = written(dialect, [dataFrame(START, 0x1db, false, false, "rx", CHANNEL, new Uint8Array(8))]);
    expect(recogniseLog(bytes).dialect?.name).toBe(dialect.name);
  });

  test("the pieces in which bytes come make no difference, not even among garbage", () => {
    fc.assert(
      fc.property(
        recordings,
        fc.array(fc.tuple(fc.nat(4000), fc.uint8Array({ maxLength: 40 })), { maxLength: 3 }),
        cuts,
        (frames, garbage, cuts) => {
          let { bytes } = written(dialect, frames);
          for (const [at, junk] of garbage) bytes = Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
          const whole = dialect.reader();
          const pieces = dialect.reader();
          expect(readAll(pieces, bytes, cuts)).toEqual(readAll(whole, bytes));
          expect(pieces.counters).toEqual(whole.counters);
          expect(pieces.timeBase).toBe(whole.timeBase);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a recording cut off anywhere gives the frames before the cut, none of them changed", () => {
    const frames = fc.sample(recordings, { numRuns: 20, seed: 7 }).flat().slice(0, 30);
    const { bytes } = written(
      dialect,
      frames.toSorted((a, b) => a.time - b.time),
    );
    const whole = readAll(dialect.reader(), bytes);
    for (let length = 0; length < bytes.length; length++) {
      const cut = readAll(dialect.reader(), bytes.subarray(0, length));
      expect(cut).toEqual(whole.slice(0, cut.length));
    }
  });
});

test.each(logDialects)("$name never throws, whatever the bytes", (dialect) => {
  const head = written(writable.includes(dialect) ? dialect : { ...dialect, writer: () => noWriter }, [
    dataFrame(START, 0x1db, false, false, "rx", CHANNEL, new Uint8Array(8)),
  ]).bytes;
  const start =
    dialect.name === "pcapng" ? Buffer.from("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "hex") : head;
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 600 }), cuts, (known, junk, cuts) => {
      const reader = dialect.reader();
      const bytes = known ? Buffer.concat([start, junk]) : junk;
      for (const frame of readAll(reader, bytes, cuts)) {
        expect(frame.data.length).toBe(frame.type === "remote" ? 0 : frame.length);
        expect(frame.length).toBeLessThanOrEqual(frame.fd ? 64 : 8);
        expect(Number.isFinite(frame.time)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

const noWriter = { omitted: 0, write: () => NO_DATA, end: () => NO_DATA };

test("a line without an end is given up instead of being kept", () => {
  const reader = logDialects.find(({ name }) => name === "candump")?.reader();
  const junk = Buffer.alloc(64 * 1024, "x");
  for (let i = 0; i < 100; i++) reader?.read(junk);
  expect(reader?.read(Buffer.from("\n(1.000000) can0 1DB#00\n"))).toHaveLength(1);
  expect(reader?.counters).toMatchObject({
    frames: 1,
    discarded: 1,
    firstProblem: { where: "line 1", reason: "longer than 4096 bytes" },
  });
});
