import fc from "fast-check";
import { expect, test } from "vitest";
import { type BitField, bitField, bitReader, bitWriter, bytesSpanned } from "./bits.ts";

/** The definition, one bit at a time: what the compiled readers must equal. */
function readSlowly(field: BitField, data: Uint8Array): bigint {
  let raw = 0n;
  let { start } = field;
  for (let i = 0; i < field.length; i++) {
    const bit = BigInt(((data[start >> 3] ?? 0) >> (start & 7)) & 1);
    if (field.byteOrder === "big") {
      raw = (raw << 1n) | bit;
      start = (start & 7) === 0 ? start + 15 : start - 1;
    } else {
      raw |= bit << BigInt(i);
      start++;
    }
  }
  return field.signed ? BigInt.asIntN(field.length, raw) : raw;
}

const fields = fc
  .record({
    start: fc.nat(63),
    length: fc.integer({ min: 1, max: 64 }),
    byteOrder: fc.constantFrom("big", "little"),
    signed: fc.boolean(),
  })
  .filter((field) => bytesSpanned(field) <= 8);
const exactFields = fields.filter(({ length }) => length <= 53);
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 });

test("a compiled reader sees what reading bit by bit sees", () => {
  fc.assert(
    fc.property(fields, eightBytes, (field, data) => {
      expect(bitReader(field)(data)).toBe(Number(readSlowly(field, data)));
    }),
    { numRuns: 1000 },
  );
});

test("a field of 64 bits reads as the nearest double", () => {
  const data = Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0);
  expect(bitReader(bitField("7|64@0+"))(data)).toBe(Number(0x123456789abcdef0n));
  expect(bitReader(bitField("7|64@0-"))(new Uint8Array(8).fill(0xff))).toBe(-1);
});

test("what is written is read back, and no other bit changes", () => {
  fc.assert(
    fc.property(exactFields, eightBytes, eightBytes, (field, before, values) => {
      const raw = bitReader(field)(values);
      const data = before.slice();
      bitWriter(field)(data, raw);
      expect(bitReader(field)(data)).toBe(raw);
      bitWriter(field)(data, bitReader(field)(before));
      expect(data).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

test("the span of a field ends with its last byte in either byte order", () => {
  expect(bytesSpanned(bitField("7|11@0-"))).toBe(2);
  expect(bytesSpanned(bitField("52|13@0+"))).toBe(8);
  expect(bytesSpanned(bitField("0|16@1-"))).toBe(2);
});

test.each(["7|11", "7|11@0", "7|11@2+", "x"])("%s is refused as a place", (text) => {
  expect(() => bitField(text)).toThrow(TypeError);
});
