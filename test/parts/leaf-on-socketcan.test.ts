import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { leafRecording } from "../leaf-recording.ts";
import { Machine, type Task } from "../machine/machine.ts";
import { machine as machinePart } from "../machine/part.ts";
import { describeWith } from "../setup/describe-with.ts";

const program = join(import.meta.dirname, "../../src/cli/carport.ts");
/** How much of the recording is played at its own pace. */
const OWN_PACE_SECONDS = 20;
/** Frames per second that even the emulated machine, some 17 times slower, is to take. */
const FAST = 4000;

// Told, not found out: until the generation is known, what is decoded depends on the time of the very first frame, and
// that is the one which the kernel does not tell.
const generation = "aze0";
const settings = {
  vehicles: { version: 1, vehicles: [{ id: "leaf", name: "Leaf", kind: "car" }] },
  devices: {
    version: 1,
    devices: [
      { id: "leaf-can", kind: "leaf-can", name: "CAN", vehicle: "leaf", settings: { bus: "vcan0", generation } },
    ],
  },
};

const statistics = z.record(
  z.string(),
  z.object({ count: z.number(), min: z.number(), max: z.number(), mean: z.number() }),
);
const history = z.object({ counters: z.record(z.string(), z.number()), signals: statistics });
const decoded = z.object({
  decoder: z.record(z.string(), z.number()),
  signals: z.record(z.string(), z.object({ count: z.number() }).loose()),
});

/** What `carport decode` makes of a recording, without the signals that were never available. */
async function decode(path: string) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    "decode",
    path,
    "--leaf",
    generation,
    "--stats",
    "--json",
  ]);
  const { signals, ...rest } = decoded.parse(JSON.parse(stdout));
  return {
    ...rest,
    signals: statistics.parse(Object.fromEntries(Object.entries(signals).filter(([, { count }]) => count > 0))),
  };
}

/** To nine digits: `carport decode` prints no more than makes sense, and sums depend on their order. */
const rounded = (signals: z.infer<typeof statistics>) =>
  Object.fromEntries(
    Object.entries(signals).map(([key, { count, ...values }]) => [
      key,
      [count, ...Object.values(values).map((value) => value.toPrecision(9))],
    ]),
  );

const secondsOf = (line: string) => Number(line.slice(1, line.indexOf(")")));
/** Its lines so close to each other that they are played at this rate. */
const atRate = (lines: readonly string[], rate: number) =>
  lines.map((line, i) => `(${(secondsOf(lines[0] ?? "") + i / rate).toFixed(6)})${line.slice(line.indexOf(")") + 1)}`);

describeWith([machinePart], "a Leaf on a real SocketCAN", () => {
  let machine: Machine;
  let carport: Task;
  let recording: readonly string[];
  let countersBefore: Readonly<Record<string, number>> = {};

  beforeAll(async () => {
    machine = await Machine.boot();
    recording = (await readFile(await leafRecording(machine.folder), "utf8")).trimEnd().split("\n");
    for (const [name, content] of Object.entries(settings)) {
      await writeFile(join(machine.folder, `${name}.json`), JSON.stringify(content));
    }
    // The buffer that docs/socketcan.md advises for slow machines.
    await machine.run("modprobe vcan; sysctl -qw net.core.rmem_default=4194304; mkdir /run/data");
    await machine.run("cp /run/machine/*.json /run/data");
    carport = machine.start("exec node src/main.ts run --data /run/data");
  });
  afterAll(() => machine?.[Symbol.asyncDispose]());

  /** What Carport says after `action`, up to the first match. */
  async function saysAfter(action: string, pattern: RegExp): Promise<void> {
    const before = carport.stdout().length;
    await machine.run(action, 120);
    await carport.says(new RegExp(`^.{${before},}(?:${pattern.source})`, "s"));
  }
  const now = async () => Number(await machine.run("date +%s%3N"));
  /** Plays lines of candump -L into vcan0, and compares what Carport then has in its store. */
  async function playAndCompare(name: string, lines: readonly string[]): Promise<void> {
    const path = join(machine.folder, `${name}.log`);
    await writeFile(path, `${lines.join("\n")}\n`);
    const expected = await decode(path);
    const from = await now();
    await saysAfter(`canplayer -I '/run/machine/${name}.log' vcan0=can0`, /asleep/);
    const asked = await machine.run(`node test/machine/history.ts leaf-can ${from} ${await now()}`);
    const { counters, signals: stored } = history.parse(JSON.parse(asked));
    const before = countersBefore;
    const took = (key: string) => (counters[key] ?? 0) - (before[key] ?? 0);
    countersBefore = counters;
    const samples = Object.values(stored).reduce((sum, { count }) => sum + count, 0);
    console.log(
      `${name}: ${took("frames")} frames, ${took("dropped")} dropped by the kernel, ${samples} samples stored`,
    );
    expect([took("frames"), took("dropped"), took("samplesLost")]).toEqual([lines.length, 0, 0]);
    expect(took("wrongChecksum")).toBe(expected.decoder["wrongChecksum"]);
    expect(rounded(stored)).toEqual(rounded(expected.signals));
  }

  test("an interface that is missing is said to be, and read as soon as it is there", async () => {
    await carport.says(/is at http/, 60);
    await carport.says(/vcan0: .*\[CAN_INTERFACE_MISSING\]/, 50);
    await saysAfter("ip link add vcan0 type vcan", /vcan0: .*\[CAN_INTERFACE_DOWN\]/);
    await saysAfter("ip link set vcan0 up", /asleep/);
  });

  test("a recording that canplayer plays is stored as carport decode reads it", async () => {
    const end = secondsOf(recording[0] ?? "") + OWN_PACE_SECONDS;
    await playAndCompare(
      "at its own pace",
      recording.filter((line) => secondsOf(line) < end),
    );
  });

  // Emulation is no real-time machine: where others take its processor away for a moment, it gets another chance.
  test("4,000 frames/s get from the interface to the store without loss", { retry: 2 }, async () => {
    await playAndCompare("at 4,000 frames per second", atRate(recording, FAST));
  });

  test("an interface that goes down in the middle is told, and read again once it is up", async () => {
    const player = machine.start("canplayer -I '/run/machine/at its own pace.log' vcan0=can0");
    await saysAfter("sleep 2; ip link set vcan0 down", /vcan0: .*\[CAN_INTERFACE_DOWN\]/);
    await player.stop();
    await saysAfter("ip link set vcan0 up", /asleep/);
    await saysAfter(`cansend vcan0 ${recording[0]?.split(" ")[2]}`, /connected/);
  });

  test("a simulated Leaf on the interface sends valid frames, as Carport sees it live and candump records it", async () => {
    await carport.says(/asleep\s*$/);
    const candump = machine.start("candump -L -n 5000 vcan0");
    const simulator = machine.start("exec node src/cli/carport.ts simulate leaf --interface vcan0");
    await saysAfter("true", /connected/);
    const { stdout } = await candump.ended;
    expect((await simulator.stop()).code).toBe(0);
    const path = join(machine.folder, "simulated.log");
    await writeFile(path, stdout);
    const { decoder, signals } = await decode(path);
    expect(decoder).toMatchObject({ frames: 5000, wrongLength: 0, wrongChecksum: 0, sequenceSteps: 0 });
    expect(Object.keys(signals).length).toBeGreaterThan(50);
    expect(carport.stdout()).not.toContain("CAN_FRAMES_DAMAGED");
  });

  test("Carport ends in order with the interface open", async () => {
    expect((await carport.stop()).code).toBe(0);
    expect(carport.stderr()).toBe("");
  });
});
