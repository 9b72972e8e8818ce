import { expect, it } from "vitest";
import { ManualClock } from "../../../test/manual-clock.ts";
import { newInstance, PrefixClaim } from "./prefix-claim.ts";
import { RetainedBoard } from "./retained-board.ts";
import { TopicTree } from "./topics.ts";

/** Two that hold the prefix and hear each other over a broker. */
function rivals() {
  const clock = new ManualClock();
  const said: (() => void)[] = [];
  const lost: string[] = [];
  const claims = new Map<string, PrefixClaim>();
  for (const instance of ["carport-aaaaaaaaaaaa", "carport-bbbbbbbbbbbb"]) {
    const board = new RetainedBoard(() => undefined);
    board.attach(({ payload }, done) => {
      for (const [other, claim] of claims) if (other !== instance) said.push(() => claim.hear(payload, false));
      done();
    }, 100);
    const onLost = () => lost.push(instance);
    const topics = new TopicTree("carport", "homeassistant");
    claims.set(instance, new PrefixClaim({ topics, board, clock, instance, onLost }));
  }
  return { said, lost, claims: [...claims.values()] };
}

it("leaves it to one of two that both hold the prefix, after a few words", () => {
  const { said, lost, claims } = rivals();
  for (const claim of claims) claim.hold();
  let words = 0;
  for (let next = said.shift(); next !== undefined && lost.length === 0; next = said.shift()) {
    words++;
    next();
  }
  expect(lost).toEqual(["carport-bbbbbbbbbbbb"]);
  expect(words).toBeLessThan(8);
});

it("gives every run a name of its own that the others know as one", () => {
  const { lost, claims } = rivals();
  expect(newInstance()).not.toBe(newInstance());
  expect(claims[0]?.hear(newInstance(), false)).toBe(true);
  expect(lost).toHaveLength(1);
});

it("takes nothing else for a claim", () => {
  const { lost, claims } = rivals();
  claims[0]?.hold();
  for (const text of ["\u0000", "carport", "carport-xyz", "{}"]) expect(claims[0]?.hear(text, false)).toBe(false);
  expect(claims[0]?.hear("", true)).toBe(true);
  expect(lost).toEqual([]);
});
