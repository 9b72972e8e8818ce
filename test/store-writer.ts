/**
 * A program for store tests to kill: `node store-writer.ts FOLDER STEP`. Goes on with the numbers 0, 1, 2 … where the
 * store in FOLDER ends, as two signals of one frame, and says after each flush how many are safe. Before and after its
 * STEP-th step in SQLite it kills itself; with 0 it goes on until someone else does.
 */
import { writeSync } from "node:fs";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { BatchBuilder } from "#domain/batch.ts";
import { startStore } from "#store/start-store.ts";
import { can0, leaf } from "./household.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLog } from "./memory-garage.ts";
import { countUp, numbered, START } from "./store-numbers.ts";

const [folder = "", step = "0"] = process.argv.slice(2);
let left = Number(step);
const die = () => {
  if (--left === 0) process.kill(process.pid, "SIGKILL");
};

const mortal = <Step extends (...parameters: never[]) => unknown>(step: Step): Step =>
  new Proxy(step, {
    apply(target, self, parameters) {
      die();
      const result: unknown = Reflect.apply(target, self, parameters);
      die();
      return result;
    },
  });
StatementSync.prototype.run = mortal(StatementSync.prototype.run);
DatabaseSync.prototype.exec = mortal(DatabaseSync.prototype.exec);

const clock = new ManualClock(START + 86_400_000);
const store = startStore({ folder, clock, log: silentLog });
let next = numbered(store);
const sayFlushed = () => writeSync(1, `${next}\n`);
const rounds = step === "0" ? Number.POSITIVE_INFINITY : 2;
const size = step === "0" ? 5000 : 10;
for (let round = 0; round < rounds; round++) {
  for (let flush = 0; flush < 3; flush++) {
    const builder = new BatchBuilder(countUp);
    for (let i = 0; i < size; i++, next++) {
      builder.add(0, START + next, next);
      builder.add(1, START + next, -next);
    }
    const batch = builder.take();
    if (batch !== undefined) store.append(can0, leaf, batch);
    store.flush();
    sayFlushed();
  }
  await clock.advance(6 * 60_000);
}
store.close();
