import { expect, test } from "vitest";
import { LogTail } from "./log-tail.ts";
import { createLog } from "./plain-log.ts";
import { Redactor } from "./redactor.ts";

test("the newest thousand lines are kept, newest first, and long ones are cut", () => {
  const tail = new LogTail();
  for (let line = 0; line < 2_500; line++) tail.add(line, "info", `line ${line}`);
  tail.add(9_999, "info", "x".repeat(10_000));
  const kept = tail.newest(5_000);
  expect(kept).toHaveLength(1_000);
  expect(kept.slice(0, 2).map(({ number, text }) => [number, text.length])).toEqual([
    [2_500, 2_000],
    [2_499, 9],
  ]);
  expect(kept.at(-1)?.text).toBe("line 1501");
});

test("asked for warnings, it leaves out what is less", () => {
  const tail = new LogTail();
  for (const level of ["error", "debug", "warn", "info"] as const) tail.add(0, level, level);
  expect(tail.newest(10, "warn").map(({ level }) => level)).toEqual(["warn", "error"]);
  expect(tail.newest(1, "debug").map(({ level }) => level)).toEqual(["info"]);
});

test("what the log writes is in its tail as well, with the secrets taken out", () => {
  const tail = new LogTail();
  const redactor = new Redactor();
  redactor.add(["hunter22"]);
  const log = createLog({ level: "info", redactor, write: () => {}, tail });
  log.child("mqtt").warn("refused hunter22", { host: "broker", password: "other" });
  log.debug("not written, so not kept");
  expect(tail.newest(10)).toMatchObject([
    { level: "warn", text: 'mqtt: refused (hidden) {"host":"broker","password":"(hidden)"}' },
  ]);
});
