import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeviceOutput } from "#devices/device-kind.ts";
import type { CanBus } from "#domain/can-frame.ts";
import { isCarportError } from "#domain/error.ts";
import { isDeviceId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import { openVirtualCan } from "#transports/virtual-can.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { noServices } from "../../../test/no-services.ts";
import { dbcCan, dbcCanSettings } from "./dbc-can.ts";
import { readDbcFile } from "./dbc-file.ts";

const van = `BO_ 800 Engine: 8 X
 SG_ Coolant : 0|8@1+ (1,-40) [-40|210] "deg C" X
 SG_ EngineOn : 8|1@1+ (1,0) [0|1] "" X
 SG_ TooFar : 60|8@1+ (1,0) [0|0] "" X
VAL_ 800 Coolant 255 "SNA" ;
`;

let folder: string;
let clock: ManualClock;
let wire: CanBus;
let stop: AbortController;
let count = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dbc-can-"));
  clock = new ManualClock();
  stop = new AbortController();
  wire = openVirtualCan(`dbc-can-${++count}`, { clock, send: true });
});

afterEach(async () => {
  stop.abort();
  await wire.close();
  await rm(folder, { recursive: true });
});

const send = (id: number, ...data: number[]) => wire.send?.({ id, extended: false, data: Uint8Array.from(data) });

/** A device with this DBC file, open, and what it has handed over and warned of so far. */
async function opened(text: string) {
  const dbc = join(folder, "van.dbc");
  await writeFile(dbc, text);
  const outputs: DeviceOutput[] = [];
  const warnings: unknown[] = [];
  const log: Log = { debug() {}, info() {}, error() {}, warn: (_, detail) => warnings.push(detail), child: () => log };
  const device = "van";
  if (!isDeviceId(device)) throw new TypeError(device);
  const settings = dbcCanSettings.parse({ bus: `virtual:${wire.name}`, dbc });
  const done = (async () => {
    const context = { device, signal: stop.signal, clock, log, services: noServices };
    for await (const output of dbcCan.open(settings, context)) outputs.push(output);
  })();
  done.catch(() => undefined);
  const samples = () =>
    outputs.flatMap((output) => {
      if (output.type !== "batch") return [];
      const { signals, index, values } = output.batch;
      return Array.from(index, (at, row) => [signals[at]?.key, values[row]] as const);
    });
  return { outputs, warnings, done, samples };
}

const fault = (done: Promise<void>): Promise<string> =>
  done.then(
    () => "none",
    (error: unknown) => (isCarportError(error) ? error.message : String(error)),
  );

test("the signals of the file become samples, and the car sleeps once the bus is silent", async () => {
  const { outputs, samples, done } = await opened(van);
  await clock.untilSleeping();
  send(800, 130, 1, 0, 0, 0, 0, 0, 0);
  send(800, 255, 0, 0, 0, 0, 0, 0, 0);
  send(801, 1);
  await clock.advance(6000);
  stop.abort();
  await done;
  const ofTheCar = samples().filter(([key]) => key === "coolant" || key === "engine_on");
  expect(ofTheCar).toEqual([
    ["coolant", 90],
    ["engine_on", 1],
    ["engine_on", 0],
  ]);
  expect(outputs.filter(({ type }) => type === "state")).toEqual([
    { type: "state", state: "connected" },
    { type: "state", state: "asleep" },
  ]);
  expect(outputs.findLast(({ type }) => type === "counters")).toMatchObject({
    counters: { frames: 3, unknown: 1, tooShort: 0, unavailable: 1, dropped: 0, samplesLost: 0 },
  });
});

test("what of the file is left out is told, with its line", async () => {
  const { warnings, done } = await opened(van);
  await clock.untilSleeping();
  stop.abort();
  await done;
  expect(warnings).toEqual([
    { told: ["line 4: signal TooFar skipped: it does not fit into the 8 bytes of message Engine"] },
  ]);
});

test.each([
  [
    "with a mistake is an error with its place",
    "BO_ 800 Engine 8 X",
    /^van\.dbc:1:16: expected ":", found "8": .*\[DBC_SYNTAX\]$/,
  ],
  ["without signals is an error", "BO_ 800 Engine: 8 X", /\[DBC_EMPTY\]$/],
])("a file %s", async (_, text, message) => {
  const { done } = await opened(text);
  expect(await fault(done)).toMatch(message);
});

test.each([
  ["that is not there", "none.dbc", "DBC_MISSING"],
  ["that is a folder", ".", "DBC_UNREADABLE"],
])("a file %s is an error", async (_, name, code) => {
  expect(await fault(readDbcFile(join(folder, name)).then(() => undefined))).toMatch(new RegExp(`\\[${code}\\]$`));
});

test("every setting says what it is for", () => {
  for (const field of Object.values(dbcCanSettings.shape)) expect(field.description).toMatch(/^[A-Z].{20}/);
});
