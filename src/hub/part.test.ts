import { beforeEach, describe, expect, it } from "vitest";
import { CarportError } from "#domain/error.ts";
import { KeptLog } from "../../test/kept-log.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { Part } from "./part.ts";

let events: string[];
let log: KeptLog;
let clock: ManualClock;
beforeEach(() => {
  events = [];
  log = new KeptLog();
  clock = new ManualClock();
});

const taken = () => new CarportError("HTTP_PORT_BUSY", "the port");

/** A part whose opening fails for the settings given. */
const partThatFailsFor = (...bad: readonly string[]) =>
  new Part<string, { stop(): Promise<void> }>({
    name: "the part",
    clock,
    log,
    random: () => 1,
    open: async (settings) => {
      events.push(`open ${settings}`);
      if (bad.includes(settings)) throw taken();
      return { stop: async () => void events.push(`stop ${settings}`) };
    },
  });

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a part", () => {
  it("is opened once for settings that stay the same, and closed before it is opened with others", async () => {
    const part = partThatFailsFor();
    for (const settings of ["a", "a", "b"]) {
      part.apply(settings);
      await turn();
    }
    await part.stop();
    expect(events).toEqual(["open a", "stop a", "open b", "stop b"]);
  });

  it("that cannot be opened is tried again with growing pauses, and says so once", async () => {
    const part = partThatFailsFor("a");
    part.apply("a");
    await clock.untilSleeping();
    expect(part.fault?.code).toBe("HTTP_PORT_BUSY");
    await clock.advance(3_000);
    expect(events).toEqual(["open a", "open a", "open a"]);
    expect(log.lines.filter((line) => line.startsWith("error"))).toHaveLength(1);
    part.apply("b");
    await turn();
    expect(events.at(-1)).toBe("open b");
    expect(part.fault).toBeUndefined();
    await part.stop();
  });

  it("takes only the last of several changes that come at once", async () => {
    const part = partThatFailsFor();
    for (const settings of ["a", "b", "c"]) part.apply(settings);
    await turn();
    await part.stop();
    expect(events).toEqual(["open c", "stop c"]);
  });

  it("stops while it is still trying", async () => {
    const part = partThatFailsFor("a");
    part.apply("a");
    await clock.untilSleeping();
    await part.stop();
    expect(events).toEqual(["open a"]);
  });
});
