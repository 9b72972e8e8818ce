import fc from "fast-check";
import { expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import { FramePacker, unpackFrames } from "./packed-frames.ts";

const frames = fc.array(
  fc.record({
    time: fc.double({ noNaN: true }),
    id: fc.nat(0x1fffffff),
    extended: fc.boolean(),
    type: fc.constantFrom<CanFrame["type"][]>("data", "remote", "error"),
    fd: fc.boolean(),
    data: fc.uint8Array({ maxLength: 64 }),
  }),
  { maxLength: 100 },
);

test("frames come out as they went in; a remote one keeps only its length", () => {
  const packer = new FramePacker(1024 * 1024);
  fc.assert(
    fc.property(frames, (frames) => {
      for (const { time, id, extended, type, fd, data } of frames) {
        expect(packer.add(time, id, extended, type, fd, data)).toBe(true);
      }
      const expected = frames.map(({ data, ...frame }) => ({
        ...{ ...frame, direction: "rx", channel: "can0", length: data.length },
        data: frame.type === "remote" ? new Uint8Array(0) : data,
      }));
      expect(unpackFrames(packer.take(), "can0")).toEqual(expected);
      expect(packer.isEmpty).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a full packer says so, keeps what it has and has room again once that is taken", () => {
  const packer = new FramePacker(240);
  const add = (id: number) => packer.add(0, id, false, "data", false, new Uint8Array(8));
  expect(Array.from({ length: 12 }, (_, id) => add(id)).filter(Boolean)).toHaveLength(10);
  expect(unpackFrames(packer.take(), "can0").map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(add(12)).toBe(true);
});
