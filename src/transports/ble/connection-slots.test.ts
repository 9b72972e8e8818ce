import { expect, test } from "vitest";
import { ConnectionSlots } from "./connection-slots.ts";

const never = new AbortController().signal;

test("one at a time, in the order of asking", async () => {
  const slots = new ConnectionSlots();
  const order: string[] = [];
  const use = (name: string) =>
    slots.use(async () => {
      order.push(`${name} in`);
      await new Promise(setImmediate);
      order.push(`${name} out`);
    }, never);
  await Promise.all([use("a"), use("b"), use("c")]);
  expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("who has just been connected stands behind those who wait", async () => {
  const slots = new ConnectionSlots();
  const order: string[] = [];
  const greedy = async () => {
    for (let turn = 0; turn < 3; turn++) await slots.use(async () => void order.push("greedy"), never);
  };
  await Promise.all([greedy(), slots.use(async () => void order.push("patient"), never)]);
  expect(order.indexOf("patient")).toBeLessThanOrEqual(1);
});

test("a failure frees the slot", async () => {
  const slots = new ConnectionSlots();
  await expect(slots.use(() => Promise.reject(new Error("link lost")), never)).rejects.toThrow("link lost");
  await expect(slots.use(async () => "next", never)).resolves.toBe("next");
});

test("who gives up waiting leaves the queue and takes no slot", async () => {
  const slots = new ConnectionSlots();
  let finish = (): void => undefined;
  const holding = slots.use(() => new Promise<void>((resolve) => (finish = resolve)), never);
  const impatient = new AbortController();
  const given = slots.use(async () => "never", impatient.signal);
  const last = slots.use(async () => "last", never);
  impatient.abort(new Error("stopped"));
  await expect(given).rejects.toThrow("stopped");
  expect(slots.waiting).toBe(1);
  finish();
  await holding;
  await expect(last).resolves.toBe("last");
});

test("several slots are used side by side", async () => {
  const slots = new ConnectionSlots(() => 3);
  let now = 0;
  let most = 0;
  const use = () =>
    slots.use(async () => {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now--;
    }, never);
  await Promise.all(Array.from({ length: 16 }, use));
  expect(most).toBe(3);
});

test("another number of slots holds from the next end of a connection on", async () => {
  let limit = 1;
  const slots = new ConnectionSlots(() => limit);
  const ends: (() => void)[] = [];
  const use = () => slots.use(() => new Promise<void>((resolve) => ends.push(resolve)), never);
  const all = Promise.all(Array.from({ length: 5 }, use));
  const end = async (which: number) => {
    ends[which]?.();
    await new Promise(setImmediate);
    return ends.length;
  };
  await new Promise(setImmediate);
  expect(ends).toHaveLength(1);
  limit = 3;
  expect(await end(0)).toBe(4);
  limit = 1;
  expect(await end(1)).toBe(4);
  expect(await end(2)).toBe(4);
  expect(await end(3)).toBe(5);
  await end(4);
  await all;
});
