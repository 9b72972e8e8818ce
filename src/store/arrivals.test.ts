import { describe, expect, test } from "vitest";
import { can0, leaf, samples } from "../../test/household.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { MINUTE, openStore, rows, START, voltage } from "../../test/store-samples.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";

describe("what is refused is counted", () => {
  test("values that are none, and samples of no signal", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    const nonsense = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    store.append(
      can0,
      leaf,
      rows([voltage], [...nonsense.map((value) => [0, START, value] as const), [7, START, 1], [0, START, 1]]),
    );
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 4 });
    store.close();
  });

  test("times before 2010, more than a day ahead of the clock, or none at all", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path);
    const times = [
      0,
      Date.UTC(2007, 1, 3),
      START + 25 * 60 * MINUTE,
      Date.UTC(2076, 5, 1),
      Number.NaN,
      START + 23 * 60 * MINUTE,
      Date.UTC(2011, 0),
    ];
    store.append(
      can0,
      leaf,
      rows(
        [voltage],
        times.map((time) => [0, time, 1] as const),
      ),
    );
    expect(store.counters()).toMatchObject({ appended: 2, rejected: 5 });
    store.close();
  });

  test("everything from 2060 on when the clock itself has jumped 50 years; afterwards all goes on", () => {
    using folder = temporaryFolder();
    const clock = new ManualClock(START);
    const store = openStore(folder.path, clock);
    const fiftyYears = 50 * 365.25 * 24 * 60 * MINUTE;
    clock.jump(fiftyYears);
    store.append(can0, leaf, samples(clock.now(), [voltage, 1]));
    clock.jump(-fiftyYears);
    store.append(can0, leaf, samples(clock.now(), [voltage, 2]));
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 1 });
    expect(store.channels()[0]?.last).toEqual({ time: START, value: 2 });
    store.close();
  });

  test("while a clock that begins at 1970 does not keep out samples that know their time from elsewhere", () => {
    using folder = temporaryFolder();
    const store = openStore(folder.path, new ManualClock(5000));
    store.append(
      can0,
      leaf,
      rows(
        [voltage],
        [
          [0, 5000, 1],
          [0, START, 2],
        ],
      ),
    );
    expect(store.counters()).toMatchObject({ appended: 1, rejected: 1 });
    store.close();
  });
});
