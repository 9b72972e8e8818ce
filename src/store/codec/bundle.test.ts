import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BundleEncoder, BundleHead } from "./bundle.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Quantum } from "./values.ts";
import { compress, decompress } from "./zstd.ts";

const encoder = new BundleEncoder();

function roundTrip(times: readonly number[], columns: readonly { values: readonly number[]; quantum?: Quantum }[]) {
  const encoded = encoder.encode(
    Float64Array.from(times),
    columns.map(({ values, quantum }) => ({ values: Float64Array.from(values), quantum })),
  );
  const [raw, body] = [encoded.head.slice(), encoded.body.slice()];
  const head = new BundleHead(raw, times.length);
  return {
    times: [...head.decodeTimes(body, times[0] ?? 0)],
    columns: columns.map((_, column) => [...head.decodeColumn(body, column)]),
    heads: columns.map((_, column) => head.column(column)),
    bytes: raw.length + body.length,
  };
}

const size = { minLength: 1, maxLength: 200 };
const times = fc.array(fc.integer({ min: 0, max: 2 ** 42 }), size);
const quantum = fc.record({
  scale: fc.oneof(fc.constantFrom(0.5, 0.1, 0.01, 0.25, -0.5, 1, 80, 0), fc.double({ noNaN: true })),
  offset: fc.oneof(fc.constantFrom(0, -40, -10, 0.3), fc.double({ noNaN: true })),
});
const anything = fc.double();
const decimals = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([n, digits]) => n / 10 ** digits);
const integers = fc.maxSafeInteger();
const values = fc.oneof(fc.array(anything, size), fc.array(decimals, size), fc.array(integers, size));

describe("a bundle", () => {
  test("gives any times back, in any order", () => {
    fc.assert(
      fc.property(times, (times) => {
        expect(roundTrip(times, []).times).toEqual(times);
      }),
    );
  });

  test("gives any doubles back to the last bit, NaN, infinities and -0 too, whatever the quantum", () => {
    fc.assert(
      fc.property(values, fc.option(quantum, { nil: undefined }), (values, quantum) => {
        const { columns } = roundTrip(
          values.map((_, i) => i),
          [quantum === undefined ? { values } : { values, quantum }],
        );
        expect(columns[0]?.every((value, i) => Object.is(value, values[i]))).toBe(true);
      }),
    );
  });

  test("keeps integers that its quantum gives exactly as they are, in any number of columns", () => {
    const column = fc
      .tuple(fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), size), quantum)
      .map(([raws, quantum]) => ({ values: raws.map((raw) => raw * quantum.scale + quantum.offset), quantum }));
    fc.assert(
      fc.property(times, fc.array(column, { minLength: 1, maxLength: 5 }), (times, columns) => {
        const same = columns.map(({ values, quantum }) => ({
          values: times.map((_, i) => values[i % values.length] ?? 0),
          quantum,
        }));
        expect(roundTrip(times, same).columns).toEqual(same.map(({ values }) => values));
      }),
    );
  });

  test("knows count, smallest, largest and sum of a column without decoding it", () => {
    const finite = fc.array(
      fc.oneof(decimals, fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e9, min: -1e9 })),
      size,
    );
    fc.assert(
      fc.property(finite, fc.option(quantum, { nil: undefined }), (values, quantum) => {
        const { heads } = roundTrip(
          values.map((_, i) => i),
          [quantum === undefined ? { values } : { values, quantum }],
        );
        const sum = values.reduce((a, b) => a + b, 0);
        const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
        expect((heads[0]?.min ?? 0) + 0).toBe(values.reduce((a, b) => Math.min(a, b)) + 0);
        expect((heads[0]?.max ?? 0) + 0).toBe(values.reduce((a, b) => Math.max(a, b)) + 0);
        expect(Math.abs((heads[0]?.sum ?? 0) - sum)).toBeLessThanOrEqual(most * values.length * 1e-12);
      }),
    );
  });

  test("spends a byte on each time and nothing on a column that does not change", () => {
    const times = Array.from({ length: 1000 }, (_, i) => 1_700_000_000_000 + i * 10);
    const { bytes } = roundTrip(times, [{ values: times.map(() => 23.4), quantum: { scale: 0.1, offset: 0 } }]);
    expect(bytes).toBeLessThan(1020);
  });

  test("keeps the decimals of a source without quantum as integers", () => {
    const values = Array.from({ length: 1000 }, (_, i) => (521_234_567 + i * 3) / 1e7);
    const { bytes, heads } = roundTrip(
      values.map((_, i) => i),
      [{ values }],
    );
    expect(heads[0]?.packing).toEqual({ kind: "decimal", digits: 7 });
    expect(bytes).toBeLessThan(2040);
  });

  test("of other bytes than it was encoded to ends in an error or in its count of values, never without end", () => {
    const count = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 600 }), count, (raw, body, count) => {
        try {
          const head = new BundleHead(raw, count);
          head.column(2);
          expect(head.decodeTimes(body, 0)).toHaveLength(count);
          expect(head.decodeColumn(body, 2)).toHaveLength(count);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe("a compressed blob", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(9000), (bytes, expected) => {
        expect(Buffer.from(decompress(compress(bytes, 3), expected)).equals(bytes)).toBe(true);
      }),
    );
  });

  test("is refused when a bit of it has changed or its end is missing", () => {
    const blob = compress(
      Uint8Array.from({ length: 500 }, (_, i) => (i * i) >> 3),
      3,
    );
    for (let at = 4; at < blob.length; at++) {
      const changed = blob.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => decompress(changed, 500)).toThrow();
      expect(() => decompress(blob.subarray(0, at), 500)).toThrow();
    }
  });
});

test("numbers come back from their short form to the last bit", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, decimals, integers, fc.constantFrom(-0, 1 / 3, 5e-324))), (numbers) => {
      const writer = new ByteWriter();
      for (const number of numbers) writer.number(number);
      const reader = new ByteReader(writer.view());
      for (const number of numbers) expect(reader.number()).toBe(number);
      expect(reader.done).toBe(true);
    }),
  );
});
