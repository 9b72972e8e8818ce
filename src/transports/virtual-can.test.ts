import { expect, test } from "vitest";
import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { openVirtualCan } from "./virtual-can.ts";

const clock = new ManualClock();
const frame = (id: number, data = Uint8Array.of(1, 2)) => ({ id, extended: false, data });

/** Takes batches until there are so many frames. */
async function take(bus: CanBus, count: number): Promise<CanFrame[]> {
  const frames: CanFrame[] = [];
  for await (const batch of bus.frames) {
    frames.push(...batch);
    if (frames.length >= count) break;
  }
  return frames;
}

test("what one node sends, all others on its wire receive, and it does not", async () => {
  const [a, b, c] = [1, 2, 3].map(() => openVirtualCan("wire", { clock, send: true }));
  const elsewhere = openVirtualCan("other", { clock, send: false });
  const received = [a, b, c, elsewhere].map((bus) => (bus === undefined ? [] : take(bus, 1)));
  a?.send?.(frame(0x123));
  const expected = {
    ...{ time: clock.now(), id: 0x123, extended: false, type: "data", fd: false, direction: "rx" },
    ...{ channel: "wire", data: Uint8Array.of(1, 2), length: 2 },
  };
  expect(await received[1]).toEqual([expected]);
  expect(await received[2]).toEqual([expected]);
  await Promise.all([a, b, c, elsewhere].map((bus) => bus?.close()));
  expect(await received[0]).toEqual([]);
  expect(await received[3]).toEqual([]);
});

test("frames of one turn of the event loop come together and in order", async () => {
  const sender = openVirtualCan("wire", { clock, send: true });
  const receiver = openVirtualCan("wire", { clock, send: false });
  const first = receiver.frames[Symbol.asyncIterator]().next();
  for (let id = 0; id < 5; id++) sender.send?.(frame(id));
  expect((await first).value?.map(({ id }: CanFrame) => id)).toEqual([0, 1, 2, 3, 4]);
  await Promise.all([sender.close(), receiver.close()]);
});

test("a node that is too slow loses the frames that do not fit, and counts them", async () => {
  const sender = openVirtualCan("wire", { clock, send: true });
  const receiver = openVirtualCan("wire", { clock, send: false, capacity: 3 });
  const frames = receiver.frames[Symbol.asyncIterator]();
  const first = frames.next();
  for (let id = 0; id < 10; id++) sender.send?.(frame(id));
  expect((await first).value?.map(({ id }: CanFrame) => id)).toEqual([0, 1, 2]);
  expect(receiver.counters).toEqual({ received: 3, dropped: 7, errorFrames: 0 });
  await Promise.all([sender.close(), receiver.close()]);
});

test("the sender may use its bytes again", async () => {
  const sender = openVirtualCan("wire", { clock, send: true });
  const receiver = openVirtualCan("wire", { clock, send: false });
  const received = take(receiver, 1);
  const data = Uint8Array.of(7);
  sender.send?.(frame(1, data));
  data[0] = 8;
  expect((await received)[0]?.data).toEqual(Uint8Array.of(7));
  await Promise.all([sender.close(), receiver.close()]);
});

test("a node only sends when it was opened for that, and not once it is closed", async () => {
  const listener = openVirtualCan("wire", { clock, send: false });
  expect(listener.send).toBeUndefined();
  const sender = openVirtualCan("wire", { clock, send: true });
  await sender.close();
  const received = take(listener, 1);
  sender.send?.(frame(1));
  await listener.close();
  expect(await received).toEqual([]);
});

test("closing hands out what was received, then ends", async () => {
  const sender = openVirtualCan("wire", { clock, send: true });
  const receiver = openVirtualCan("wire", { clock, send: false });
  const received = take(receiver, 100);
  sender.send?.(frame(1));
  await receiver.close();
  expect(await received).toHaveLength(1);
  await sender.close();
});
