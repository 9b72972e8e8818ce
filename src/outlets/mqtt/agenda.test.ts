import { expect, it } from "vitest";
import { ManualClock } from "../../../test/manual-clock.ts";
import { Agenda } from "./agenda.ts";

async function running() {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const agenda = new Agenda(clock, (error) => errors.push(error));
  const stop = new AbortController();
  const ended = agenda.run(stop.signal);
  await clock.untilSleeping();
  return { clock, agenda, errors, stop, ended };
}

it("does each task at its time on a single sleep", async () => {
  const { clock, agenda } = await running();
  const done: [string, number][] = [];
  const tasks = ["c", "a", "b"].map((name) => () => done.push([name, clock.monotonic()]));
  for (const [at, task] of tasks.entries()) agenda.soon(task, [300, 100, 200][at] ?? 0);
  await clock.untilSleeping();
  expect(clock.sleeping).toBe(1);
  await clock.advance(1000);
  expect(done).toEqual([
    ["a", 100],
    ["b", 200],
    ["c", 300],
  ]);
});

it("does a task that is agreed twice once, at the earlier time", async () => {
  const { clock, agenda } = await running();
  const done: number[] = [];
  const task = () => done.push(clock.monotonic());
  for (const ms of [500, 100, 900]) agenda.soon(task, ms);
  await clock.advance(2000);
  expect(done).toEqual([100]);
});

it("lets a task put itself on the agenda again, and a cancelled one be", async () => {
  const { clock, agenda } = await running();
  let beats = 0;
  const beat = () => {
    beats++;
    agenda.soon(beat, 100);
  };
  agenda.soon(beat, 0);
  await clock.advance(1000);
  expect(beats).toBe(11);
  agenda.cancel(beat);
  await clock.advance(1000);
  expect(beats).toBe(11);
});

it("reports a task that throws and goes on with the others", async () => {
  const { clock, agenda, errors } = await running();
  let done = false;
  agenda.soon(() => {
    throw new Error("broken");
  }, 10);
  agenda.soon(() => {
    done = true;
  }, 10);
  await clock.advance(10);
  expect(errors).toHaveLength(1);
  expect(done).toBe(true);
});

it("ends when told to, with tasks still agreed", async () => {
  const { agenda, stop, ended } = await running();
  agenda.soon(() => undefined, 1000);
  stop.abort();
  await ended;
});
