import fc from "fast-check";
import { expect, test } from "vitest";
import { IsoTpReceiver } from "./receiver.ts";
import { IsoTpSender } from "./sender.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i & 0xff);

/** Runs a message from a sender to a receiver; `lose` names frames that never arrive. Gives what was received and all frames. */
function transfer(
  message: Uint8Array,
  options: { blockSize?: number; separationMs?: number; lose?: (n: number) => boolean } = {},
) {
  const sender = new IsoTpSender();
  const receiver = new IsoTpReceiver(options);
  const frames: { time: number; data: Uint8Array }[] = [];
  const received: Uint8Array[] = [];
  let time = 0;
  sender.start(message, time);
  while (sender.state === "sending" || sender.state === "waiting") {
    time = sender.dueAt ?? time + 1;
    const data = sender.next(time);
    if (data === undefined) continue;
    frames.push({ time, data });
    if (options.lose?.(frames.length - 1)) continue;
    const whole = receiver.accept(data, time);
    if (whole !== undefined) received.push(whole);
    const flowControl = receiver.takeFlowControl();
    if (flowControl !== undefined) sender.accept(flowControl, time);
  }
  return { frames, received, sender, receiver, time };
}

test("a message of up to seven bytes is one padded frame", () => {
  const { frames, received } = transfer(bytes("22 11 03"));
  expect(frames.map(({ data }) => data)).toEqual([bytes("03 22 11 03 00 00 00 00")]);
  expect(received).toEqual([bytes("22 11 03")]);
});

test("whatever message is cut into frames is put together the same, with any block size", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 4095 }), fc.nat(20), (message, blockSize) => {
      expect(transfer(message, { blockSize }).received).toEqual([message]);
    }),
    { numRuns: 60 },
  );
});

test("sequence numbers wrap from 15 to 0", () => {
  const { frames } = transfer(counting(6 + 7 * 17));
  expect(frames.slice(1).map(({ data }) => data[0])).toEqual(
    Array.from({ length: 17 }, (_, i) => 0x20 | ((i + 1) & 15)),
  );
});

test("a real reply of a battery controller is put together from its padded frames", () => {
  const receiver = new IsoTpReceiver();
  const replies = ["10 10 61 04 01 CC 19 01", "21 CE 19 FF FF FF 01 C2", "22 1A 19 00 FF FF FF FF"].map((frame, i) =>
    receiver.accept(bytes(frame), i * 10),
  );
  expect(replies).toEqual([undefined, undefined, bytes("61 04 01 CC 19 01 CE 19 FF FF FF 01 C2 1A 19 00")]);
});

test("a lost frame drops the message, and the next one is whole again", () => {
  const { received, receiver } = transfer(counting(40), { lose: (n) => n === 2 });
  expect(received).toEqual([]);
  expect(receiver.counters).toMatchObject({ messages: 0, dropped: 1 });
  expect(receiver.accept(bytes("01 55 00 00 00 00 00 00"), 10_000)).toEqual(bytes("55"));
});

test("a message that stops in the middle is dropped after a second", () => {
  const receiver = new IsoTpReceiver();
  receiver.accept(bytes("10 10 61 04 01 CC 19 01"), 0);
  receiver.expire(1000);
  expect(receiver.counters.dropped).toBe(0);
  expect(receiver.accept(bytes("21 CE 19 FF FF FF 01 C2"), 1001)).toBeUndefined();
  expect(receiver.counters).toEqual({ messages: 0, dropped: 1, ignored: 1 });
});

test("a new message in the middle of another one drops that one and is received", () => {
  const receiver = new IsoTpReceiver();
  receiver.accept(bytes("10 10 61 04 01 CC 19 01"), 0);
  expect(receiver.accept(bytes("02 7E 00 00 00 00 00 00"), 5)).toEqual(bytes("7E 00"));
  expect(receiver.counters).toEqual({ messages: 1, dropped: 1, ignored: 0 });
});

test("messages of two ECUs that interleave are kept apart by one receiver per id", () => {
  const a = transfer(counting(30)).frames;
  const b = transfer(counting(30).reverse()).frames;
  const [receiverA, receiverB] = [new IsoTpReceiver(), new IsoTpReceiver()];
  const whole = a.map(({ data }, i) => [receiverA.accept(data, i), receiverB.accept(b[i]?.data ?? bytes(""), i)]);
  expect(whole.at(-1)).toEqual([counting(30), counting(30).reverse()]);
});

test("the sender keeps the separation time and stops after each block for flow control", () => {
  const { frames } = transfer(counting(6 + 7 * 4), { blockSize: 2, separationMs: 10 });
  expect(frames.map(({ time }) => time)).toEqual([0, 0, 10, 10, 20]);
});

test("a separation time under a millisecond and a reserved one are understood", () => {
  const sender = new IsoTpSender();
  sender.start(counting(40), 0);
  sender.next(0);
  sender.accept(bytes("30 01 F5"), 0);
  sender.next(0);
  sender.accept(bytes("30 00 90"), 0);
  sender.next(0);
  expect(sender.dueAt).toBe(127);
});

test("a receiver may ask to wait, but not for ever", () => {
  const sender = new IsoTpSender();
  sender.start(counting(40), 0);
  sender.next(0);
  for (let i = 1; i <= 10; i++) sender.accept(bytes("31 00 00"), i * 900);
  expect(sender.state).toBe("waiting");
  sender.accept(bytes("31 00 00"), 9900);
  expect(sender.state).toBe("failed");
});

test.each([
  ["stays silent", ""],
  ["has no room", "32 00 00"],
])("a receiver that %s ends the message as failed", (_, flowControl) => {
  const sender = new IsoTpSender();
  sender.start(counting(40), 0);
  sender.next(0);
  sender.accept(bytes(flowControl), 1);
  expect(sender.next(1002)).toBeUndefined();
  expect(sender.state).toBe("failed");
});

test.each([0, 4096])("a message of %i bytes is refused", (length) => {
  expect(() => new IsoTpSender().start(new Uint8Array(length), 0)).toThrow(RangeError);
});

test("any garbage is ignored or counted, and never throws", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 50 }), (frames) => {
      const receiver = new IsoTpReceiver({ blockSize: 3 });
      const sender = new IsoTpSender();
      sender.start(counting(100), 0);
      let messages = 0;
      frames.forEach((data, time) => {
        if (receiver.accept(data, time * 300) !== undefined) messages++;
        sender.next(time * 300);
        sender.accept(data, time * 300);
      });
      const counters = receiver.counters;
      expect(counters.messages).toBe(messages);
      expect(counters.messages + counters.dropped + counters.ignored).toBeLessThanOrEqual(2 * frames.length);
    }),
  );
});
