import { describe, expect, it } from "vitest";
import { createLog } from "./plain-log.ts";
import { Redactor } from "./redactor.ts";

function open(level: "debug" | "info" = "info") {
  const lines: string[] = [];
  const redactor = new Redactor();
  const log = createLog({ level, redactor, write: (line) => lines.push(line) });
  return { log, lines, redactor };
}

describe("the log", () => {
  it("has one line per event: time, level, origin, words and detail", () => {
    const { log, lines } = open();
    log.info("started", { error: undefined });
    log.child("leaf").child("can0").warn("a line\nbreak", { frames: 3 });
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info {2}started\n$/),
      expect.stringMatching(/ warn {2}leaf can0: a line break \{"frames":3\}\n$/),
    ]);
  });

  it("does not even make the text of what is not to be written", () => {
    const { log, lines } = open();
    log.debug(() => {
      throw new Error("made");
    });
    log.level = "debug";
    log.child("x").debug(() => "made");
    expect(lines).toHaveLength(1);
  });

  it("gives an error as words, place and cause, without a bare stack", () => {
    const { log, lines } = open();
    log.error("failed", { error: new Error("outer", { cause: new TypeError("inner") }) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/failed \{"error":"Error: outer \(at .*\), because of TypeError: inner \(at .*\)"\}\n$/);
  });

  it("shows no secret, in whatever form it comes", () => {
    const { log, lines, redactor } = open();
    redactor.add(['pa"ss/word', "hunter2", "hunter2-longer", "ab"]);
    log.info(`mqtt://me:${encodeURIComponent('pa"ss/word')}@host`);
    log.child("hunter2").error("absent hunter2-longer", { error: new Error('pa"ss/word'), list: ["hunter2"] });
    log.info("token in detail", { token: "unknown", nested: { password: "p", latitude: 48.1 }, vin: "short" });
    log.info("car SJNFAAZE0U0012345 seen");
    expect(lines.map((line) => line.slice(26))).toEqual([
      "mqtt://me:(hidden)@host\n",
      expect.stringMatching(
        /^\(hidden\): absent \(hidden\) \{"error":"Error: \(hidden\) .*,"list":\["\(hidden\)"\]\}\n$/,
      ),
      'token in detail {"token":"(hidden)","nested":{"password":"(hidden)","latitude":"(hidden)"},"vin":"(hidden)"}\n',
      "car (VIN) seen\n",
    ]);
  });

  it("keeps a secret hidden after it has been changed", () => {
    const { log, lines, redactor } = open();
    redactor.add(["old-password"]);
    redactor.add(["new-password"]);
    log.info("old-password new-password");
    expect(lines[0]).toContain("(hidden) (hidden)");
  });

  it("survives a detail that cannot be written as JSON", () => {
    const { log, lines } = open();
    const loop: Record<string, unknown> = { n: 1n };
    loop["self"] = loop;
    log.info("loop", loop);
    log.info("large", { n: 1n });
    expect(lines.map((line) => line.slice(26))).toEqual([
      "loop (a detail that goes round in circles)\n",
      'large {"n":"1"}\n',
    ]);
  });
});
