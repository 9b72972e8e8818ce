import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

async function called(...args: string[]) {
  let out = "";
  let err = "";
  const code = await simulate(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

test.each([
  [[], /Name the vehicle/],
  [["leaf"], /Name the interface/],
  [["zoe", "--interface", "vcan0"], /Name the vehicle/],
  [["leaf", "--interface", "vcan0", "--generation", "ze2"], /no Leaf "ze2": it is one of ze0, aze0, ze1/],
  [["leaf", "--interface", "vcan0", "--seed", "x"], /whole number/],
  [["leaf", "--interfase", "vcan0"], /--interface/],
])("%j is wrong usage, and it says why", async (args, why) => {
  const { code, err } = await called(...args);
  expect([code, err]).toEqual([2, expect.stringMatching(why)]);
});

test("an interface that is not there is told with its next step", async () => {
  const { code, err } = await called("leaf", "--interface", "nocan7");
  expect(code).toBe(1);
  expect(err).toMatch(/^nocan7: .+ \[CAN_(INTERFACE_MISSING|NOT_SUPPORTED|MODULE_MISSING)\]\n.+/);
});

test("help goes to standard output", async () => {
  const { code, out } = await called("--help");
  expect([code, out]).toEqual([0, expect.stringContaining("carport simulate leaf --interface")]);
});
