import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeviceOutput } from "#devices/device-kind.ts";
import type { CanFrame } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import { isCarportError } from "#domain/error.ts";
import { isDeviceId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import { systemClock } from "#hub/system-clock.ts";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { ecus } from "#protocols/leaf/reads.ts";
import { frames, runLeaf } from "#simulators/leaf/leaf.ts";
import { openVirtualCan } from "#transports/virtual-can.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { noServices } from "../../../test/no-services.ts";
import { leafCan } from "./leaf-can.ts";
import { type LeafCanSettings, leafCanSettings } from "./settings.ts";

/** Keeps the warnings. */
function listening(warnings: string[]): Log {
  const log: Log = { debug() {}, info() {}, warn: (text) => warnings.push(text), error() {}, child: () => log };
  return log;
}

/** An open device and what it has handed over so far. */
function opened(settings: Partial<LeafCanSettings> & { bus: string }, clock: Clock) {
  const device = "leaf-can-test";
  if (!isDeviceId(device)) throw new TypeError(device);
  const stop = new AbortController();
  const outputs: { readonly at: number; readonly output: DeviceOutput }[] = [];
  const { signal } = stop;
  const warnings: string[] = [];
  const done = (async () => {
    const context = { device, signal, clock, log: listening(warnings), services: noServices };
    for await (const output of leafCan.open(leafCanSettings.parse(settings), context)) {
      outputs.push({ at: clock.monotonic(), output });
    }
  })();
  const of = <Type extends DeviceOutput["type"]>(type: Type) =>
    outputs.flatMap(({ output }) => (output.type === type ? [output as Extract<DeviceOutput, { type: Type }>] : []));
  const newest = (key: string) => {
    for (const { batch } of of("batch").reverse()) {
      const index = batch.signals.findIndex((each) => each.key === key);
      const row = batch.index.lastIndexOf(index);
      if (index >= 0 && row >= 0) return batch.values[row];
    }
    return undefined;
  };
  return { outputs, of, newest, warnings, done, stop: () => stop.abort() };
}

describe("on a bus with a car", () => {
  let clock: ManualClock;
  let parkedCar: AbortController;
  let car: Promise<void>;
  let bus = 0;
  let name: string;

  beforeEach(() => {
    clock = new ManualClock();
    parkedCar = new AbortController();
    name = `test-${bus++}`;
  });

  const arrive = (): void => {
    parkedCar = new AbortController();
    const wire = openVirtualCan(name, { clock, send: true });
    car = runLeaf({ bus: wire, clock, signal: parkedCar.signal, generation: "aze0", seed: 2 });
  };
  const leave = async (): Promise<void> => {
    parkedCar.abort();
    await clock.advance(10);
    await car;
  };

  afterEach(leave);

  test("it tells what the car is, how it stands, and what the bus carries", async () => {
    const device = opened({ bus: `virtual:${name}` }, clock);
    arrive();
    await clock.advance(8000);
    expect(device.of("identity")).toEqual([
      { type: "identity", identity: { manufacturer: "Nissan", model: "Leaf AZE0 (2013–17) or e-NV200" } },
    ]);
    expect(device.of("state")).toEqual([{ type: "state", state: "connected" }]);
    expect(device.newest("pack_voltage")).toBeGreaterThan(300);
    expect(device.newest("frame_rate")).toBeGreaterThan(600);
    expect(device.newest("bus_load")).toBeGreaterThan(10);
    expect(device.of("counters").at(-1)?.counters).toMatchObject({ wrongChecksum: 0, dropped: 0, samplesLost: 0 });
    device.stop();
    await device.done;
  });

  test("it hands over a batch every 50 ms at most, and loses none of the samples", async () => {
    const device = opened({ bus: `virtual:${name}` }, clock);
    arrive();
    await clock.advance(4000);
    const times = device.outputs.filter(({ output }) => output.type === "batch").map(({ at }) => at);
    for (const [i, at] of times.entries())
      expect(at - (times[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(50);
    const voltages = device.of("batch").flatMap(({ batch }) => {
      const index = batch.signals.findIndex(({ key }) => key === "pack_voltage");
      return [...batch.index].filter((each) => each === index);
    });
    expect(voltages.length).toBeGreaterThan(385);
    device.stop();
    await device.done;
  });

  test("it is asleep five seconds after the last frame, and awake with the next one", async () => {
    const device = opened({ bus: `virtual:${name}` }, clock);
    arrive();
    await clock.advance(2000);
    await leave();
    await clock.advance(4900);
    expect(device.of("state").at(-1)?.state).toBe("connected");
    await clock.advance(200);
    expect(device.of("state").at(-1)?.state).toBe("asleep");
    expect(device.newest("frame_rate")).toBe(0);
    arrive();
    await clock.advance(100);
    expect(device.of("state").at(-1)?.state).toBe("connected");
    device.stop();
    await device.done;
  });

  test("a car that is not there is asleep, not a fault, and was not seen", async () => {
    const device = opened({ bus: `virtual:${name}` }, clock);
    await clock.advance(5100);
    expect(device.outputs.map(({ output }) => output.type)).toEqual(["state", "counters"]);
    expect(device.of("state")).toEqual([{ type: "state", state: "asleep" }]);
    device.stop();
    await device.done;
    arrive();
  });

  test("it sends nothing at all unless the owner has switched polls on", async () => {
    const heard: CanFrame[] = [];
    const ear = openVirtualCan(name, { clock, send: false });
    const listening = (async () => {
      for await (const batch of ear.frames) heard.push(...batch);
    })();
    const requestIds = new Set(Object.values(ecus).map(({ request }) => request));
    const requests = () => heard.filter(({ id }) => requestIds.has(id)).length;

    const quiet = opened({ bus: `virtual:${name}` }, clock);
    arrive();
    await clock.advance(10_000);
    expect([heard.length > 1000, requests()]).toEqual([true, 0]);
    quiet.stop();
    await quiet.done;

    const curious = opened({ bus: `virtual:${name}`, diagnosticPolls: true }, clock);
    await clock.advance(30_000);
    expect(requests()).toBeGreaterThan(10);
    expect(curious.newest("cell_96_voltage")).toBeGreaterThan(3);
    expect(curious.of("counters").at(-1)?.counters).toMatchObject({ pollsAnswered: 11, pollsFailed: 0 });
    curious.stop();
    await curious.done;
    await ear.close();
    await listening;
  });

  test("damaged frames are dropped, counted and complained of once, and nothing else stops", async () => {
    const device = opened({ bus: `virtual:${name}` }, clock);
    arrive();
    const noise = openVirtualCan(name, { clock, send: true });
    await clock.advance(100);
    for (let second = 0; second < 20; second++) {
      noise.send?.({ id: 0x1db, extended: false, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
      noise.send?.({ id: 0x55b, extended: false, data: Uint8Array.of(1, 2) });
      await clock.advance(1000);
    }
    await clock.advance(6000);
    expect(device.of("counters").at(-1)?.counters).toMatchObject({ wrongChecksum: 20, wrongLength: 20 });
    expect(device.warnings).toEqual([expect.stringMatching(/^test-\d+: .+ \[CAN_FRAMES_DAMAGED\] Check /)]);
    expect(device.newest("pack_voltage")).toBeGreaterThan(300);
    await noise.close();
    device.stop();
    await device.done;
  });

  test("it lets go of the bus at once when it is told to", async () => {
    const device = opened({ bus: `virtual:${name}`, diagnosticPolls: true }, clock);
    arrive();
    await clock.advance(1000);
    device.stop();
    await device.done;
  });
});

describe("on a recording", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "leaf-can-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("it plays it through, and then the car is asleep", async () => {
    const path = join(folder, "drive.log");
    const recording = [...frames({ generation: "ze1", seconds: 20, start: Date.UTC(2026, 0, 1) })];
    await writeFile(path, candumpLog.writer?.().write(recording) ?? "");
    const device = opened({ bus: `file:${path}`, replaySpeed: 100 }, systemClock);
    await expect.poll(() => device.of("state").at(-1)?.state, { timeout: 5000 }).toBe("asleep");
    expect(device.of("identity").at(-1)?.identity.model).toBe("Leaf ZE1 (since 2018)");
    expect(device.of("counters").at(-1)?.counters["frames"]).toBe(recording.length);
    device.stop();
    await device.done;
  });

  test("one that does not exist is an error with a code", async () => {
    const { done } = opened({ bus: `file:${join(folder, "none.log")}` }, systemClock);
    const error: unknown = await done.catch((reason: unknown) => reason);
    expect(isCarportError(error) && error.code).toBe("CAN_LOG_MISSING");
  });
});

test("a CAN interface that is missing is an error with a code", async () => {
  const { done } = opened({ bus: "nocan7" }, systemClock);
  const error: unknown = await done.catch((reason: unknown) => reason);
  expect(isCarportError(error) && error.code).toMatch(/^CAN_(INTERFACE_MISSING|NOT_SUPPORTED|MODULE_MISSING)$/);
});

describe("settings", () => {
  test("a bus is enough; the car is recognised, and nothing is sent", () => {
    expect(leafCanSettings.parse({ bus: "can0" })).toEqual({
      bus: "can0",
      generation: "auto",
      diagnosticPolls: false,
      pollSeconds: 60,
      replaySpeed: 1,
    });
  });

  test.each([{}, { bus: "" }, { bus: "file:" }, { bus: "can0", generation: "zeo" }, { bus: "can0", polls: true }])(
    "%j is refused",
    (settings) => {
      expect(leafCanSettings.safeParse(settings).success).toBe(false);
    },
  );

  test("every setting says what it is for", () => {
    for (const field of Object.values(leafCanSettings.shape)) expect(field.description).toMatch(/^[A-Z].{20}/);
  });
});
