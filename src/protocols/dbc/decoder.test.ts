import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bytesSpanned } from "../can/bits.ts";
import { compileDbc } from "./decoder.ts";
import { dbcEncoder } from "./encoder.ts";
import type { DbcMessage, DbcSignal } from "./network.ts";
import { parseDbc } from "./parse.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const tricky = parseDbc(readFileSync(join(fixtures, "tricky.dbc"), "utf8"), "tricky.dbc").network;

/** What cantools decodes; made by fixtures/expected.py. */
const expectedFrames = z
  .array(z.object({ id: z.int(), extended: z.boolean(), data: z.string(), values: z.record(z.string(), z.number()) }))
  .parse(JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")));

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

function decoderOf(messages: readonly DbcMessage[]) {
  const decoder = compileDbc({ messages });
  return (id: number, extended: boolean, data: Uint8Array): Record<string, number> => {
    const rows = decoder.decode(id, extended, data);
    const row = (i: number) => [decoder.entries[decoder.index[i] ?? -1]?.signal.name, decoder.values[i]] as const;
    return Object.fromEntries(Array.from({ length: rows }, (_, i) => row(i)));
  };
}

const decodeTricky = decoderOf(tricky.messages);

/** Values that the file calls not available are NaN here; cantools gives the number or the name. */
const withoutUnavailable = (values: Readonly<Record<string, number>>, ours: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isNaN(ours[name]) ? Number.NaN : value]),
  );

test("every value equals the one that cantools decodes", () => {
  for (const { id, extended, data, values } of expectedFrames) {
    const ours = decodeTricky(id, extended, bytes(data));
    expect(ours, data).toEqual(withoutUnavailable(values, ours));
  }
});

test("an id that the network does not have gives no rows", () => {
  const decoder = compileDbc(tricky);
  expect(decoder.decode(0x123, false, new Uint8Array(8))).toBe(0);
  expect(decoder.decode(256, true, new Uint8Array(8))).toBe(0);
  expect(decoder.decode(0x1fff_ffff, true, new Uint8Array(8))).toBe(0);
});

test("an 11-bit id and a 29-bit id of the same number are different messages", () => {
  const text = (id: number, name: string) => `BO_ ${id} ${name}: 1 X\n SG_ ${name} : 0|8@1+ (1,0) [0|0] "" X\n`;
  const { network } = parseDbc(text(5, "Standard") + text(5 + 0x8000_0000, "Extended"), "car.dbc");
  const decode = decoderOf(network.messages);
  expect(decode(5, false, Uint8Array.of(1))).toEqual({ Standard: 1 });
  expect(decode(5, true, Uint8Array.of(1))).toEqual({ Extended: 1 });
});

describe("a frame shorter than its message", () => {
  test("has the signals that it has the bytes for", () => {
    expect(decodeTricky(256, false, bytes("ff03"))).toEqual({ LittleNibble: 15, BigNibble: 15 });
    expect(decodeTricky(256, false, new Uint8Array(0))).toEqual({});
  });

  test("selects nothing when the multiplexer itself is cut off", () => {
    const { network } = parseDbc(
      'BO_ 1 A: 2 X\n SG_ Page M : 8|8@1+ (1,0) [0|0] "" X\n SG_ On m0 : 0|8@1+ (1,0) [0|0] "" X',
      "car.dbc",
    );
    expect(decoderOf(network.messages)(1, false, Uint8Array.of(1))).toEqual({});
  });
});

test("a longer frame than its message gives the same values", () => {
  expect(decodeTricky(265, false, bytes("0164ffffffff"))).toEqual(decodeTricky(265, false, bytes("0164")));
});

describe("a value that the car marks as not available", () => {
  test("is NaN, a named fault of a number as well", () => {
    const temperature = "TemperatureOfTheCoolantAtTheInverterOutlet";
    expect(decodeTricky(265, false, bytes("03ff"))).toEqual({ SwitchPosition: Number.NaN, [temperature]: Number.NaN });
    expect(decodeTricky(265, false, bytes("02fe"))).toEqual({ SwitchPosition: 2, [temperature]: Number.NaN });
    expect(decodeTricky(265, false, bytes("02fd"))).toEqual({ SwitchPosition: 2, [temperature]: 86.5 });
  });

  test("is NaN for a float that is no number", () => {
    expect(decodeTricky(259, false, bytes("0000c07f7f800000"))).toEqual({
      LittleFloat: Number.NaN,
      BigFloat: Number.NaN,
    });
    expect(decodeTricky(261, false, bytes("fff0000000000000"))).toEqual({ BigDouble: Number.NaN });
  });
});

/** The definition, one bit at a time. */
function readSlowly({ start, length, byteOrder, signed, factor, offset }: DbcSignal, data: Uint8Array): number {
  let raw = 0n;
  for (let bit = start, i = 0; i < length; i++) {
    const value = BigInt(((data[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    raw = byteOrder === "big" ? raw * 2n + value : raw + value * 2n ** BigInt(i);
    bit = byteOrder === "big" && bit % 8 === 0 ? bit + 15 : bit + (byteOrder === "big" ? -1 : 1);
  }
  return Number(signed ? BigInt.asIntN(length, raw) : raw) * factor + offset;
}

const LENGTH = 16;
const plain = { unit: "", receivers: [], range: undefined, comment: undefined, selection: undefined } as const;
const integers = fc
  .record({
    ...{ start: fc.nat(LENGTH * 8 - 1), length: fc.integer({ min: 1, max: 64 }) },
    ...{ byteOrder: fc.constantFrom("big" as const, "little" as const), signed: fc.boolean() },
    ...{ factor: fc.constantFrom(1, -1, 0.5, -0.1, 0.005, 40, 1e-6), offset: fc.constantFrom(0, -40, 0.1, 1e6) },
  })
  .filter((field) => bytesSpanned({ ...field, signed: false }) <= LENGTH);
const signals = fc
  .array(integers, { minLength: 1, maxLength: 12 })
  .map((fields) =>
    fields.map((field, i): DbcSignal => ({ ...field, ...plain, name: `S${i}`, float: false, states: new Map() })),
  );
const message = (signals: readonly DbcSignal[]): DbcMessage => ({
  ...{
    id: 1,
    extended: false,
    name: "M",
    length: LENGTH,
    sender: "",
    comment: undefined,
    cycleTime: undefined,
    signals,
  },
});
const data = fc.uint8Array({ minLength: 0, maxLength: LENGTH });

test("signals of any place and scale read as they do bit by bit", () => {
  fc.assert(
    fc.property(signals, data, (signals, data) => {
      const carried = signals.filter((signal) => bytesSpanned(signal) <= data.length);
      const expected = Object.fromEntries(carried.map((signal) => [signal.name, readSlowly(signal, data)]));
      expect(decoderOf([message(signals)])(1, false, data)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("what is encoded is decoded again", () => {
  const one = integers.filter(({ length }) => length <= 53);
  fc.assert(
    fc.property(one, fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (field, value) => {
      const signal: DbcSignal = { ...field, ...plain, name: "S", float: false, states: new Map() };
      const decode = decoderOf([message([signal])]);
      const encode = dbcEncoder(message([signal]));
      const { S: near = Number.NaN } = decode(1, false, encode({ S: value }));
      // Out of reach is as near as it gets; in reach means half a step, and a little for the sums of doubles.
      const bits = signal.signed ? signal.length - 1 : signal.length;
      const ends = [signal.signed ? -(2 ** bits) : 0, 2 ** bits - 1].map((raw) => raw * signal.factor + signal.offset);
      const reachable = Math.min(Math.max(value, Math.min(...ends)), Math.max(...ends));
      expect(Math.abs(near - reachable)).toBeLessThanOrEqual(
        Math.abs(signal.factor) / 2 + Math.abs(value) * 1e-9 + 1e-9,
      );
      expect(decode(1, false, encode({ S: near }))).toEqual({ S: near });
    }),
    { numRuns: 500 },
  );
});

test("frames of every kind are rebuilt from their values", () => {
  const isExact = ({ length, float }: DbcSignal) => length <= 53 || float;
  for (const message of tricky.messages.filter(({ signals }) => signals.every(isExact))) {
    const encode = dbcEncoder(message);
    const decode = decoderOf([message]);
    for (const frame of expectedFrames.filter(({ id }) => id === message.id)) {
      const values = decode(frame.id, frame.extended, encode(frame.values));
      expect(values, frame.data).toEqual(decode(frame.id, frame.extended, bytes(frame.data)));
    }
  }
});

test("a signal that the multiplexer does not select is not encoded", () => {
  const pages = tricky.messages.filter(({ name }) => name === "Pages");
  const encode = pages.map(dbcEncoder)[0];
  expect(encode?.({ Page: 1, OnPage0: 6553.5, AlsoOnPage1: 0 })).toEqual(bytes("0100002800000000"));
});
