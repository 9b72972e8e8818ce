import { expect, test } from "vitest";
import { ManualClock } from "../../../test/manual-clock.ts";
import { within } from "./time-limit.ts";

const limit = { ms: 1_000, code: "BLE_TIMEOUT", subject: "50:54:7B:24:30:10" } as const;
const never = new Promise<string>(() => undefined);

test("what is done in time is passed on, and leaves no timer behind", async () => {
  const clock = new ManualClock();
  await expect(within(clock, limit, Promise.resolve("done"))).resolves.toBe("done");
  await clock.advance(0);
  expect(clock.sleeping).toBe(0);
});

test("what takes longer is given up with the limit's code", async () => {
  const clock = new ManualClock();
  const waiting = expect(within(clock, limit, never)).rejects.toMatchObject({ code: "BLE_TIMEOUT" });
  await clock.advance(1_000);
  await waiting;
});

test("the signal's reason comes before the limit", async () => {
  const closing = new AbortController();
  const waiting = expect(within(new ManualClock(), limit, never, closing.signal)).rejects.toThrow("closing");
  closing.abort(new Error("closing"));
  await waiting;
});
