import { describe, expect, test } from "vitest";
import type { CanBus } from "#domain/can-frame.ts";
import { systemClock } from "#hub/system-clock.ts";
import { LeafDecoder } from "#protocols/leaf/decoder.ts";
import { type LeafGeneration, leafGenerations } from "#protocols/leaf/generation.ts";
import { messages } from "#protocols/leaf/messages.ts";
import { replies } from "#protocols/leaf/replies.ts";
import { frames, runLeaf, SimulatedLeaf } from "./leaf.ts";
import { sensors } from "./sensors.ts";

const CYCLE_SECONDS = 245;

const followed = [
  "speed",
  "motor_speed",
  "gear",
  "pack_power",
  "state_of_charge",
  "charging_state",
  "plugged_in",
] as const;

/** A cycle of life, decoded as it is sent. */
function lived(generation: LeafGeneration) {
  const leaf = new SimulatedLeaf({ generation, seed: 7 });
  const decoder = new LeafDecoder(generation);
  const samples = new Map<string, { time: number; value: number }[]>(followed.map((key) => [key, []]));
  const wrong: string[] = [];
  const meaning = (key: string) => sensors[key]?.(leaf.car) ?? Number.NaN;
  const sink = {
    add(index: number, time: number, value: number) {
      const signal = decoder.signals[index];
      if (signal === undefined) return;
      samples.get(signal.key)?.push({ time, value });
      const meant = meaning(signal.key);
      const step = signal.type === "number" ? Math.abs(signal.quantum?.scale ?? 0) : 0;
      if (!Number.isNaN(meant) && Math.abs(value - meant) > Math.max(step, 1e-9) * 1.001) {
        wrong.push(`${signal.key} ${value} instead of ${meant}`);
      }
    },
  };
  const silent: number[] = [];
  let lastFrame = 0;
  while (leaf.time < CYCLE_SECONDS * 1000) {
    for (const { time, id, data } of leaf.tick()) {
      if (time - lastFrame > 5000) silent.push(time - lastFrame);
      lastFrame = time;
      const { length } = data;
      decoder.decode(
        { time, id, data, length, extended: false, type: "data", fd: false, direction: "rx", channel: "vcan0" },
        sink,
      );
    }
  }
  const values = (key: (typeof followed)[number]) => (samples.get(key) ?? []).map(({ value }) => value);
  return { leaf, decoder, samples, wrong, silent, values };
}

describe.each(leafGenerations)("a simulated %s", (generation) => {
  const { leaf, decoder, wrong, silent, values, samples } = lived(generation);

  test("is recognised for what it is", () => {
    const auto = new LeafDecoder("auto");
    for (const frame of frames({ generation, seconds: 5 })) auto.decode(frame, { add: () => {} });
    expect(auto.generation).toBe(generation);
  });

  test("sends what it means, within half a step of each signal", () => {
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  test("sends every checksum, length and counter right", () => {
    expect(decoder.counters).toMatchObject({ wrongChecksum: 0, wrongLength: 0, sequenceSteps: 0 });
    expect(decoder.counters.frames).toBeGreaterThan(100_000);
  });

  test("drives, regenerates, charges and falls silent within a cycle", () => {
    expect(Math.max(...values("speed"))).toBeGreaterThan(80);
    expect(Math.min(...values("motor_speed"))).toBeLessThan(-100);
    const driving = values("pack_power");
    expect(Math.min(...driving)).toBeLessThan(-15);
    expect(Math.max(...driving)).toBeGreaterThan(2.5);
    expect(new Set(values("gear"))).toEqual(new Set([1, 2, 4]));
    expect(new Set(values("charging_state"))).toContain(3);
    expect(new Set(values("plugged_in"))).toEqual(new Set([0, 1]));
    expect(silent.length).toBeGreaterThanOrEqual(2);
  });

  test("takes the energy that it spends out of the battery", () => {
    const power = samples.get("pack_power") ?? [];
    let spentWh = 0;
    for (const [i, { time, value }] of power.entries()) {
      const before = power[i - 1];
      if (before !== undefined && time - before.time < 100) spentWh += (value * (time - before.time)) / 3600;
    }
    const charge = values("state_of_charge");
    const tookWh = (((charge.at(-1) ?? 0) - (charge[0] ?? 0)) / 100) * leaf.car.specification.usableWh;
    expect(Math.abs(spentWh - tookWh)).toBeLessThan(0.002 * leaf.car.specification.usableWh);
  });

  test("keeps the periods of the real car", () => {
    const times = Map.groupBy(
      [...frames({ generation, seconds: 12 })].filter(({ time }) => time > 4000),
      ({ id }) => id,
    );
    for (const [id, period] of [
      [0x1db, 10],
      [0x284, 20],
      [0x55b, 100],
      [0x5c0, 500],
    ] as const) {
      const list = times.get(id) ?? [];
      expect(((list.at(-1)?.time ?? 0) - (list[0]?.time ?? 0)) / (list.length - 1)).toBeCloseTo(period, 1);
    }
  });

  test("stays between empty and full for a day", () => {
    const { car } = new SimulatedLeaf({ generation, seed: 3 });
    let lowest = 100;
    let highest = 0;
    for (let second = 0; second < 86_400; second++) {
      car.advance(1);
      lowest = Math.min(lowest, car.stateOfCharge);
      highest = Math.max(highest, car.stateOfCharge);
    }
    expect(lowest).toBeGreaterThan(20);
    expect(highest).toBeLessThan(99);
    expect(car.batteryTemperature).toBeLessThan(45);
  });
});

test("the same seed lives the same life, another one does not", () => {
  const life = (seed: number) =>
    [...frames({ generation: "aze0", seconds: 20, seed })].map(({ time, id, data }) => `${time} ${id} ${data.join()}`);
  expect(life(1)).toEqual(life(1));
  expect(life(1)).not.toEqual(life(2));
});

test("it ends with the error of a bus that is lost, having closed it", async () => {
  const lost = new Error("lost");
  let closed = 0;
  const bus: CanBus = {
    name: "vcan0",
    frames: (async function* () {
      yield [];
      throw lost;
    })(),
    counters: { received: 0, dropped: 0, errorFrames: 0 },
    send: () => {},
    close: async () => {
      closed++;
    },
  };
  const { signal } = new AbortController();
  await expect(runLeaf({ bus, clock: systemClock, signal, generation: "ze0" })).rejects.toBe(lost);
  expect(closed).toBe(1);
});

test("every sensor belongs to a signal of the tables", () => {
  const keys = new Set(
    [...messages, ...replies].flatMap(({ fields }) => fields.map(({ signal }) => String(signal.key))),
  );
  expect(Object.keys(sensors).filter((key) => !keys.has(key))).toEqual([]);
});
