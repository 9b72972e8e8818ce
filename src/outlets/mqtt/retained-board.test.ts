import { describe, expect, it } from "vitest";
import { type Publish, RetainedBoard } from "./retained-board.ts";
import type { Message } from "./topics.ts";

const message = (topic: string, payload: string): Message => ({ topic, payload, qos: 0 });

/** A connection whose messages stay on their way until the test lets them arrive. */
function wire() {
  const sent: Message[] = [];
  const pending: ((error?: Error) => void)[] = [];
  const publish: Publish = (each, done) => {
    sent.push(each);
    pending.push(done);
  };
  return { sent, pending, publish, texts: () => sent.map(({ topic, payload }) => `${topic}=${payload}`) };
}

const silent = () => undefined;

describe("while the broker is away", () => {
  it("keeps the latest message of each topic and sends just that on return", () => {
    const board = new RetainedBoard(silent);
    for (let value = 0; value < 1000; value++) board.show(message("a", String(value)));
    board.show(message("b", "1"));
    const { publish, texts } = wire();
    board.attach(publish, 100);
    expect(texts()).toEqual(["a=999", "b=1"]);
  });

  it("sends again what was on its way when the connection broke", () => {
    const board = new RetainedBoard(silent);
    const first = wire();
    board.attach(first.publish, 100);
    board.show(message("a", "1"));
    board.detach();
    const second = wire();
    board.attach(second.publish, 100);
    first.pending[0]?.();
    expect(second.texts()).toEqual(["a=1"]);
    expect(board.sent).toBe(0);
    second.pending[0]?.();
    expect(board.sent).toBe(1);
  });
});

it("has at most a hundred messages on their way, and fewer where the broker wants that", () => {
  for (const [limit, expected] of [
    [65_535, 100],
    [20, 20],
  ] as const) {
    const board = new RetainedBoard(silent);
    const { sent, pending, publish } = wire();
    board.attach(publish, limit);
    for (let at = 0; at < 500; at++) board.show(message(`t${at}`, "x"));
    expect(sent).toHaveLength(expected);
    pending[0]?.();
    expect(sent).toHaveLength(expected + 1);
  }
});

it("sends ten thousand topics over a connection that takes each at once", () => {
  const board = new RetainedBoard(silent);
  for (let at = 0; at < 10_000; at++) board.show(message(`t${at}`, "x"));
  board.attach((_, done) => done(), 100);
  expect(board.sent).toBe(10_000);
});

it("skips what stands there already, and values that a newer one overtook", () => {
  const board = new RetainedBoard(silent);
  const { texts, pending, publish } = wire();
  board.attach(publish, 1);
  expect(board.show(message("a", "1"))).toBe(true);
  expect(board.show(message("a", "1"))).toBe(false);
  board.show(message("a", "2"));
  board.show(message("a", "3"));
  pending[0]?.();
  expect(texts()).toEqual(["a=1", "a=3"]);
});

it("empties a cleared topic once, and leaves a forgotten one alone", () => {
  const board = new RetainedBoard(silent);
  board.show(message("a", "1"));
  board.show(message("b", "1"));
  board.forget("b");
  board.clear("a");
  const { texts, publish } = wire();
  board.attach(publish, 100);
  expect(texts()).toEqual(["a="]);
});

it("sends everything again in the wanted order", () => {
  const board = new RetainedBoard(silent);
  for (const topic of ["status", "value", "page"]) board.show(message(topic, "1"));
  const { sent, publish } = wire();
  board.resend(["page"], "status");
  board.attach(publish, 100);
  expect(sent.map(({ topic }) => topic)).toEqual(["page", "value", "status"]);
});

it("counts and names a message that the broker does not take, and does not try it again before it changes", () => {
  const dropped: string[] = [];
  const board = new RetainedBoard(({ topic }, error) => dropped.push(`${topic}: ${error.message}`));
  const { pending, texts, publish } = wire();
  board.attach(publish, 100);
  board.show(message("a", "1"));
  pending[0]?.(new Error("too large"));
  expect(dropped).toEqual(["a: too large"]);
  expect(board.dropped).toBe(1);
  board.show(message("a", "2"));
  expect(texts()).toEqual(["a=1", "a=2"]);
});

it("is idle once everything has arrived, or when the connection is gone", async () => {
  const board = new RetainedBoard(silent);
  const { pending, publish } = wire();
  board.attach(publish, 100);
  board.show(message("a", "1"));
  const arrived = board.idle();
  pending[0]?.();
  await arrived;
  board.show(message("a", "2"));
  const gone = board.idle();
  board.detach();
  await gone;
  expect(board.delivered("a")).toBe(false);
});
