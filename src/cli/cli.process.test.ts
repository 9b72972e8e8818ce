import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../test/setup/free-port.ts";
import { runCommand } from "./commands.ts";

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "carport-cli-"));
});
afterEach(() => rm(data, { recursive: true }));

async function carport(...args: string[]) {
  return await carportWith({}, ...args);
}

async function carportWith(env: Readonly<Record<string, string>>, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    env,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(""), err: err.join("") };
}

describe("carport", () => {
  it("lists its commands, and what each does and takes", async () => {
    const { code, out } = await carport("--help");
    expect(code).toBe(0);
    for (const [, command] of out.matchAll(/^ {2}([a-z]+) {2,}\w/gm)) {
      const help = await carport(command ?? "", "--help");
      expect(help.code).toBe(0);
      expect(help.out).toContain(`Usage: carport ${command}`);
      expect((await carport("help", command ?? "")).out).toBe(help.out);
    }
  });

  it("tells its version", async () => {
    expect(await carport("--version")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^carport \d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    [["chekc"], 'Did you mean "check"?'],
    [["constructor"], 'no command "constructor"'],
    [[], "Usage: carport <command>"],
    [["check", "--dat", "x"], "Did you mean --data?"],
    [["check", "extra"], "Unexpected argument 'extra'"],
  ])("called as %j says how to call it", async (args, hint) => {
    const { code, out, err } = await carport(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(hint);
  });
});

describe("carport check", () => {
  it("is content with a folder that is in order, and changes nothing", async () => {
    await writeFile(join(data, "vehicles.json"), '{"version": 1, "vehicles": [{"id": "car", "name": "Car"}]}');
    await writeFile(join(data, "system.json.tmp"), "left over");
    const { code, out } = await carport("check", "--data", data);
    expect(out).toContain("SETTINGS_CUT_OFF");
    expect(code).toBe(1);
    await rm(join(data, "system.json.tmp"));
    expect(await carport("check", "--data", data)).toMatchObject({
      code: 0,
      out: `${data}: all in order, 1 vehicle, 0 devices\n`,
    });
    expect(await readdir(data)).toEqual(["vehicles.json"]);
  });

  it("tells every problem with its next step", async () => {
    await writeFile(join(data, "system.json"), '{"version": 1, "mqtt": {"port": 0, "hots": "x"}}');
    await writeFile(join(data, "devices.json"), '{"version": 1, "devices": [}');
    const { code, out } = await carportWith({ CARPORT_DATA: data, CARPORT_HTTP_PROT: "1" }, "check");
    expect(code).toBe(1);
    expect(out).toMatch(/^system\.json: mqtt\.port: .*\n {2}Correct /m);
    expect(out).toMatch(/^system\.json: mqtt\.hots: .* did you mean host\?.*\n {2}Correct /m);
    expect(out).toMatch(/^devices\.json: line 1, column 28: .*\n {2}Correct /m);
    expect(out).toMatch(/^CARPORT_HTTP_PROT \(CARPORT_HTTP_PORT\?\): .*\n {2}Correct /m);
    expect(out).toContain("4 problems");
  });
});

describe("carport run, as a process", () => {
  // One that a failed test has left behind would keep the test runner from ending.
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  /** Starts it with a configuration without devices; resolves once its page is there. */
  async function start(...nodeOptions: string[]) {
    await writeFile(join(data, "system.json"), '{"version": 1, "mqtt": {"host": "127.0.0.1", "port": 9}}');
    const entry = join(import.meta.dirname, "../main.ts");
    const started = spawn(process.execPath, [...nodeOptions, entry, "--data", data], {
      env: { ...process.env, CARPORT_HTTP_PORT: String(await freePort()), NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    const exit = once(started, "exit");
    const lines: string[] = [];
    const reader = createInterface(started.stdout);
    const up = new Promise<void>((resolve) => {
      reader.on("line", (line) => {
        lines.push(line);
        if (line.includes(" is at http://")) resolve();
      });
    });
    await Promise.race([up, exit]);
    return { child: started, exit, lines };
  }

  it.each(["SIGTERM", "SIGINT"] as const)("stops in order on %s, although its broker is away", async (signal) => {
    const { child: running, exit, lines } = await start();
    running.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(lines.at(-1)).toMatch(/ info {2}stopped$/);
    await access(join(data, "store", "series.db"));
    await expect(access(join(data, "store", "series.db-wal"))).rejects.toThrow();
  });

  it.each([
    ["an exception that nobody catches", "process.on('SIGUSR2',()=>{throw new TypeError('oops')})"],
    ["a rejection that nobody handles", "process.on('SIGUSR2',()=>void Promise.reject(new TypeError('oops')))"],
  ])("seals the store and exits with 1 after %s", async (_, fault) => {
    const {
      child: running,
      exit,
      lines,
    } = await start("--import", `data:text/javascript,${encodeURIComponent(fault)}`);
    running.kill("SIGUSR2");
    expect(await exit).toEqual([1, null]);
    expect(lines.join("\n")).toMatch(/ error .*\[INTERNAL\].*TypeError: oops/);
    expect(lines.at(-1)).toMatch(/ info {2}stopped$/);
    await expect(access(join(data, "store", "series.db-wal"))).rejects.toThrow();
  });

  it("does not wait for what hangs when it is asked a second time", async () => {
    const hangs = "Promise.allSettled = () => new Promise(() => {})";
    const { child: running, exit } = await start("--import", `data:text/javascript,${encodeURIComponent(hangs)}`);
    running.kill("SIGTERM");
    running.kill("SIGINT");
    expect(await exit).toEqual([130, null]);
  });
});
