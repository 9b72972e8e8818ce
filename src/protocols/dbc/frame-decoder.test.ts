import { expect, test } from "vitest";
import { BatchBuilder } from "#domain/batch.ts";
import { dataFrame, errorFrame, remoteFrame } from "../can/frame.ts";
import { DbcFrameDecoder } from "./frame-decoder.ts";
import { parseDbc } from "./parse.ts";

const car = `BO_ 256 Engine: 4 X
 SG_ Speed : 7|16@0+ (0.01,0) [0|655.35] "km/h" X
 SG_ Oil : 16|8@1+ (1,-40) [-40|210] "degC" X
BO_ 2147483904 Gearbox: 1 X
 SG_ Gear : 0|4@1+ (1,0) [0|15] "" X
VAL_ 256 Oil 255 "Not available" ;
VAL_ 2147483904 Gear 0 "P" 1 "D" 15 "SNA" ;
`;

function started() {
  const decoder = new DbcFrameDecoder(parseDbc(car, "car.dbc").network);
  const builder = new BatchBuilder(decoder.signals);
  let time = 0;
  const receive = (id: number, extended: boolean, ...data: number[]) =>
    decoder.decode(dataFrame(++time, id, extended, false, "rx", "can0", Uint8Array.from(data)), builder);
  const taken = () => {
    const { signals = [], count = 0, index = [], times = [], values = [] } = builder.take() ?? {};
    return Array.from({ length: count }, (_, i) => [signals[index[i] ?? -1]?.key, times[i], values[i]]);
  };
  return { decoder, builder, receive, taken };
}

test("each value becomes a sample with the time of its frame, and signals appear as they are first heard", () => {
  const { decoder, receive, taken } = started();
  expect(decoder.signals).toEqual([]);
  receive(256, true, 1);
  receive(256, false, 0x27, 0x10, 60, 0);
  expect(taken()).toEqual([
    ["gear", 1, 1],
    ["speed", 2, 100],
    ["oil", 2, 20],
  ]);
  expect(decoder.signals.map(({ key }) => key)).toEqual(["gear", "speed", "oil"]);
});

test("what the car marks as not available is counted and gives no sample", () => {
  const { decoder, receive, taken } = started();
  receive(256, false, 0, 0, 255, 0);
  receive(256, true, 15);
  expect(taken()).toEqual([["speed", 1, 0]]);
  expect(decoder.unavailable("oil")).toBe(1);
  expect(decoder.counters).toEqual({ frames: 2, unknown: 0, tooShort: 0, unavailable: 2 });
});

test("a frame that is too short gives what is in it and is counted", () => {
  const { decoder, receive, taken } = started();
  receive(256, false, 0, 100);
  expect(taken()).toEqual([["speed", 1, 1]]);
  expect(decoder.counters.tooShort).toBe(1);
});

test("frames that the file does not describe, remote and error frames are counted", () => {
  const { decoder, builder, receive, taken } = started();
  receive(0x7ff, false, 1, 2, 3);
  decoder.decode(remoteFrame(1, 256, false, "rx", "can0", 4), builder);
  decoder.decode(errorFrame(1, 256, "rx", "can0", new Uint8Array(8)), builder);
  expect(taken()).toEqual([]);
  expect(decoder.counters).toMatchObject({ frames: 3, unknown: 3 });
});
