import { expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import { SimulatedLeaf, type TimedFrame } from "#simulators/leaf/leaf.ts";
import { LeafDecoder } from "./decoder.ts";
import { DiagnosticPoller } from "./poller.ts";
import { listedReads, ReadGate } from "./reads.ts";

const received = ({ time, id, data }: TimedFrame): CanFrame => ({
  time,
  id,
  data,
  length: data.length,
  extended: false,
  type: "data",
  fd: false,
  direction: "rx",
  channel: "vcan0",
});

/** A simulated car on a bus with a poller that has it asked every 20 s. */
function garage({ generation = "aze0" as const, deaf = false } = {}) {
  const leaf = new SimulatedLeaf({ generation, seed: 5 });
  const decoder = new LeafDecoder(generation);
  const asked: { readonly time: number; readonly hex: string }[] = [];
  const values = new Map<string, number>();
  const sink = {
    add(index: number, _time: number, value: number) {
      values.set(decoder.signals[index]?.key ?? "?", value);
    },
  };
  const gate = new ReadGate(({ id, extended, data }) => {
    asked.push({ time: leaf.time, hex: `${id.toString(16)}#${Buffer.from(data).toString("hex")}` });
    if (!deaf) leaf.hear({ id, extended, data, type: "data" });
  });
  const poller = new DiagnosticPoller(gate, 20_000);
  let newest = 0;
  /** Lets the car live until `until` ms, with frames of others on the bus. */
  const live = (until: number, others: readonly TimedFrame[] = []) => {
    while (leaf.time < until) {
      const now = leaf.time;
      const strangers = others.filter(({ time }) => time > now && time <= now + 10);
      for (const frame of [...leaf.tick(), ...strangers]) {
        newest = frame.time;
        decoder.decode(received(frame), sink);
        poller.hear(received(frame), leaf.time);
      }
      poller.tick(leaf.time, decoder.isAwake(Math.max(newest, leaf.time - 500)));
    }
  };
  const requests = () => asked.filter(({ hex }) => !hex.includes("#30"));
  return { leaf, poller, asked, requests, values, live };
}

test("a car that is switched on is asked every read once a round, and answers", () => {
  const { live, poller, values, requests, leaf } = garage();
  live(22_000);
  const answered = poller.counters.answered;
  expect(answered).toBeGreaterThanOrEqual(listedReads.length);
  expect(requests().length).toBeLessThanOrEqual(listedReads.length + 1);
  expect(poller.counters).toMatchObject({ failed: 0, otherTester: 0 });
  expect(values.get("controller_state_of_charge")).toBeCloseTo(leaf.car.stateOfCharge, 0);
  expect(values.get("cell_voltage_max")).toBeGreaterThan(3.6);
  expect(values.get("aux_battery_voltage")).toBe(14.4);
  expect(values.get("odometer")).toBeGreaterThan(61_900);
  expect(values.get("battery_sensor_1_temperature")).toBeDefined();
});

test.each(["ze0", "aze0", "ze1"] as const)("a %s answers 21 01 in the length of its pack", (generation) => {
  const { live, values } = garage({ generation: generation as "aze0" });
  live(20_000);
  for (const key of ["hx", "capacity", "controller_voltage", "controller_state_of_health"]) {
    expect([key, values.has(key)]).toEqual([key, true]);
  }
});

test("nothing is asked while the car is off, asleep or only plugged in", () => {
  const { live, requests, leaf } = garage();
  const activities = new Set<string>();
  for (let until = 10; until <= 225_000; until += 10) {
    const before = requests().length;
    live(until);
    if (requests().length > before) activities.add(leaf.car.activity.kind);
  }
  expect([...activities].sort()).toEqual(["charge", "drive", "ready"]);
});

test("another tester has the bus for itself until it has been silent for a minute", () => {
  const { live, requests, poller } = garage();
  const request = Uint8Array.of(2, 0x21, 1, 0, 0, 0, 0, 0);
  const others = Array.from({ length: 20 }, (_, i) => ({ time: 5000 + i * 100, id: 0x79b, data: request }));
  live(75_000, others);
  const between = requests().filter(({ time }) => time > 5010 && time < 66_900);
  expect(between).toEqual([]);
  expect(requests().some(({ time }) => time >= 66_900)).toBe(true);
  expect(poller.counters.otherTester).toBe(20);
});

test("a control unit that never answers is asked less and less often", () => {
  const { live, requests, poller } = garage({ deaf: true });
  live(75_000);
  const first = requests().filter(({ hex }) => hex.startsWith("79b#022101"));
  expect(first).toHaveLength(2);
  expect((first[1]?.time ?? 0) - (first[0]?.time ?? 0)).toBeGreaterThan(39_000);
  expect(poller.counters.answered).toBe(0);
});

test("a refusal is a failed read, and one that asks for patience gets it", () => {
  const asked: string[] = [];
  const poller = new DiagnosticPoller(
    new ReadGate(({ data }) => asked.push(Buffer.from(data).toString("hex"))),
    10_000,
  );
  const reply = (hex: string) => received({ time: 0, id: 0x7bb, data: Uint8Array.from(Buffer.from(hex, "hex")) });
  poller.tick(0, true);
  poller.hear(reply("037f217800000000"), 1400);
  poller.tick(2800, true);
  expect(poller.counters.failed).toBe(0);
  poller.hear(reply("037f211100000000"), 2850);
  expect(poller.counters).toMatchObject({ asked: 1, failed: 1 });
});
