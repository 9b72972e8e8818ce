import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import { LeafDecoder } from "./decoder.ts";
import type { LeafGeneration } from "./generation.ts";
import { isIntact, seal } from "./integrity.ts";
import { messages } from "./messages.ts";
import { replies } from "./replies.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

function frame(id: number, data: Uint8Array | string, time = 0): CanFrame {
  const payload = typeof data === "string" ? bytes(data) : data;
  const { length } = payload;
  return {
    time,
    id,
    extended: false,
    type: "data",
    fd: false,
    direction: "rx",
    channel: "can0",
    data: payload,
    length,
  };
}

function sealed(id: number, hex: string, time = 0): CanFrame {
  const data = bytes(hex);
  const integrity = messages.find((message) => message.id === id)?.integrity;
  if (integrity !== undefined) seal(integrity, id, data);
  return frame(id, data, time);
}

/** A decoder and what it gave, as `key value` in order. */
function decoding(generation: LeafGeneration | "auto", frames: Iterable<CanFrame>) {
  const decoder = new LeafDecoder(generation);
  const samples: { key: string; value: number; time: number }[] = [];
  const sink = {
    add(index: number, time: number, value: number) {
      samples.push({ key: decoder.signals[index]?.key ?? "?", value, time });
    },
  };
  for (const each of frames) decoder.decode(each, sink);
  const last = (key: string) => samples.findLast((sample) => sample.key === key)?.value;
  return { decoder, sink, samples, last, keys: new Set(samples.map(({ key }) => key)) };
}

test("current and power into the battery are positive", () => {
  // -5 A at 390 V, as the ZE0 recording has it while it creeps.
  const { last } = decoding("ze0", [sealed(0x1db, "ff60c32a00000000")]);
  expect([last("pack_current"), last("pack_voltage"), last("pack_power")]).toEqual([-2.5, 390, -0.975]);
});

test("a frame with any one bit flipped is dropped and counted", () => {
  const good = sealed(0x1db, "ff60c32a00000000");
  fc.assert(
    fc.property(fc.nat(63), (bit) => {
      const data = good.data.slice();
      data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { samples, decoder } = decoding("ze0", [frame(0x1db, data)]);
      expect(samples).toEqual([]);
      expect(decoder.counters.wrongChecksum).toBe(1);
    }),
  );
});

test("a sealed frame is intact, and the seal changes the checksum only", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("crc8" as const, "nibble-sum" as const),
      fc.nat(0x7ff),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      (integrity, id, data) => {
        const before = data.slice(0, 7);
        seal(integrity, id, data);
        expect(isIntact(integrity, id, data)).toBe(true);
        expect(data.slice(0, 7)).toEqual(before);
      },
    ),
  );
});

test("a frame that is too short is dropped and counted, whatever is missing", () => {
  for (const { id, length, generations } of messages) {
    for (let short = 0; short < length; short++) {
      const { samples, decoder } = decoding(generations?.[0] ?? "aze0", [frame(id, new Uint8Array(short))]);
      expect({ id, short, samples, count: decoder.counters.wrongLength }).toEqual({ id, short, samples: [], count: 1 });
    }
  }
});

test("what is not available is absent and counted per signal", () => {
  const { samples, decoder } = decoding("ze0", [sealed(0x1dc, "ffffffff00000000")]);
  expect(samples).toEqual([]);
  expect(["discharge_limit", "charge_limit", "charger_limit"].map((key) => decoder.unavailable(key))).toEqual([
    1, 1, 1,
  ]);
  expect(decoder.counters.unavailable).toBe(3);
});

test("power is absent while the voltage is, even when there was one before", () => {
  const { samples } = decoding("ze0", [sealed(0x1db, "ff60c32a00000000"), sealed(0x1db, "0040ffea00000100")]);
  expect(samples.filter(({ key }) => key === "pack_power")).toHaveLength(1);
});

test("frames that a Leaf never sends are counted as unknown and decoded by nobody", () => {
  const good = sealed(0x1db, "ff60c32a00000000");
  const { samples, decoder } = decoding("ze0", [
    { ...good, extended: true },
    { ...good, fd: true },
    { ...good, type: "remote", data: new Uint8Array(0) },
    { ...good, type: "error" },
    frame(0x123, "00"),
  ]);
  expect(samples).toEqual([]);
  expect(decoder.counters).toMatchObject({ frames: 5, unknown: 5 });
});

test("a step in a rolling counter is counted, once per gap", () => {
  const counts = [0, 1, 2, 3, 0, 2, 3, 3];
  const { decoder } = decoding(
    "ze0",
    counts.map((count) => sealed(0x1db, `ff60c32a00000${count}00`)),
  );
  expect(decoder.counters.sequenceSteps).toBe(2);
});

test("gids are told from gids when full by their multiplexer", () => {
  const { samples } = decoding("aze0", [frame(0x5bc, "1000e750ab401fff"), frame(0x5bc, "7d002850aa501fff")]);
  const of = (key: string) => samples.filter((sample) => sample.key === key).map(({ value }) => value);
  expect([of("gids"), of("max_gids"), of("remaining_energy")]).toEqual([[64], [500], [5.12]]);
});

test("the same id is read as the car at hand means it", () => {
  const temperature = frame(0x5c0, "805858ffb1a40d00");
  expect(decoding("aze0", [temperature]).last("battery_temperature")).toBe(4);
  expect(decoding("ze1", [temperature]).keys).not.toContain("battery_temperature");
  expect(decoding("ze1", [frame(0x59e, "0000229fa00000be")]).last("dash_state_of_charge")).toBe(95);
  expect(decoding("aze0", [frame(0x59e, "0000229fa00000be")]).keys).not.toContain("dash_state_of_charge");
});

test("an interrupted charge is not called charging", () => {
  const charging = sealed(0x390, "041500b20088160e");
  const interrupted = sealed(0x390, "0400008200880000");
  expect(decoding("aze0", [charging]).last("charging_state")).toBe(3);
  expect(decoding("aze0", [charging, interrupted]).last("charging_state")).toBe(6);
});

test("a charger status that no source explains is unknown, not guessed", () => {
  const { decoder, keys } = decoding("ze0", [sealed(0x5bf, "0066317580000000")]);
  expect(keys).not.toContain("charging_state");
  expect(decoder.unavailable("charging_state")).toBe(1);
});

test("the odometer waits until the meter has told its unit, and miles become kilometres", () => {
  const odometer = frame(0x5c5, "84010679000c0000");
  expect(decoding("aze0", [odometer]).keys).not.toContain("odometer");
  expect(decoding("aze0", [frame(0x355, "0000000000006000"), odometer]).last("odometer")).toBeCloseTo(108_136.65, 2);
  expect(decoding("aze0", [frame(0x355, "0000000000004000"), odometer]).last("odometer")).toBe(67_193);
});

describe("stand-ins", () => {
  const meterGear = (time: number) => frame(0x421, "200000", time);
  const shift = (time: number) => sealed(0x11a, "2e40045500000000", time);

  test("the meter's gear is the gear where the shifter is not on the bus", () => {
    const { last } = decoding("aze0", [meterGear(0), meterGear(3000)]);
    expect([last("meter_gear"), last("gear")]).toEqual([4, 4]);
  });

  test("it is not where the shifter has been heard", () => {
    const { last } = decoding("aze0", [meterGear(0), shift(10), meterGear(3000)]);
    expect([last("meter_gear"), last("gear")]).toEqual([4, 2]);
  });

  test("a stand-in is of the same kind as the signal that it stands in for", () => {
    const fields = [...messages, ...replies].flatMap((each) => each.fields);
    for (const { signal, insteadOf } of fields) {
      if (insteadOf === undefined) continue;
      const primary = fields.find((field) => field.signal.key === insteadOf)?.signal;
      const kind = (of: typeof primary) =>
        of && [of.type, of.type === "number" && of.unit, of.type === "enum" && of.states];
      expect([signal.key, kind(signal)]).toEqual([signal.key, kind(primary)]);
      expect(signal.presentation.enabled).toBe(false);
    }
  });
});

describe("diagnostic replies", () => {
  /** A reply cut into frames as a control unit sends it. */
  function reply(id: number, hex: string): CanFrame[] {
    const message = bytes(hex);
    const frames = [
      frame(id, Uint8Array.of(0x10 | (message.length >> 8), message.length & 0xff, ...message.slice(0, 6))),
    ];
    for (let at = 6, sequence = 1; at < message.length; at += 7, sequence++) {
      const data = new Uint8Array(8).fill(0xff);
      data[0] = 0x20 | (sequence & 15);
      data.set(message.slice(at, at + 7), 1);
      frames.push(frame(id, data));
    }
    return frames;
  }

  const small = "6101 fffffeef028afffffd82ffffffff13002af897ae327f03aa005c34c7000d5699000ccce78000050000";
  const large =
    "6101 0000c73802890000d6460002c9de091a465099fd328703830000c4192279000e1f8b0018bfee8000050000d6460000d76e01ae";

  test("a 43-byte and a 53-byte reply are each read by their own layout", () => {
    const aze0 = decoding("aze0", reply(0x7bb, small));
    expect(aze0.last("controller_state_of_charge")).toBeCloseTo(87.4137, 4);
    expect(aze0.last("controller_voltage")).toBeCloseTo(388.3, 4);
    expect(aze0.last("controller_current_1")).toBeCloseTo(-0.267, 3);
    const ze1 = decoding("ze1", reply(0x7bb, large));
    expect(ze1.last("controller_state_of_charge")).toBeCloseTo(92.5579, 4);
    expect(ze1.last("capacity")).toBeCloseTo(162.1998, 4);
  });

  test.each([40, 42, 44, 52])("a reply of %i bytes, such as after waking, is left alone", (length) => {
    const { keys, decoder } = decoding(
      "aze0",
      reply(
        0x7bb,
        small
          .replace(" ", "")
          .padEnd(2 * length, "0")
          .slice(0, 2 * length),
      ),
    );
    expect(keys.size).toBe(0);
    expect(decoder.counters.repliesDropped).toBe(0);
  });

  test("a reply with a lost frame gives nothing and is counted", () => {
    const frames = reply(0x7bb, small).toSpliced(2, 1);
    const { keys, decoder } = decoding("aze0", frames);
    expect(keys.size).toBe(0);
    expect(decoder.counters.repliesDropped).toBe(1);
  });

  test("sensor temperatures below zero are read, and a missing sensor is absent", () => {
    const { last, keys } = decoding("aze0", reply(0x7bb, "6104 02fdfb 02a304 ffffff 02a20a 1900"));
    expect([1, 2, 4].map((sensor) => last(`battery_sensor_${sensor}_temperature`))).toEqual([-5, 4, 10]);
    expect(keys).not.toContain("battery_sensor_3_temperature");
  });

  test("96 cells give their extremes, unless one has no voltage", () => {
    const cells = Array.from({ length: 96 }, (_, cell) => (3900 + cell).toString(16).padStart(4, "0"));
    const { last } = decoding("aze0", reply(0x7bb, `6102${cells.join("")}97ae97b0`));
    expect(["cell_01_voltage", "cell_96_voltage", "cell_voltage_min", "cell_voltage_spread"].map(last)).toEqual([
      3.9, 3.995, 3.9, 0.095,
    ]);
    const { keys } = decoding("aze0", reply(0x7bb, `6102${cells.with(7, "ffff").join("")}97ae97b0`));
    expect(keys).not.toContain("cell_voltage_min");
  });

  test("shunts are the same bitmap in both layouts", () => {
    const loose = decoding("aze0", reply(0x7bb, `6106${"0f".repeat(6)}${"00".repeat(17)}01`));
    const packed = decoding("ze1", reply(0x7bb, `6106ffffff${"00".repeat(8)}01${"ff".repeat(12)}`));
    for (const key of ["shunt_bits_1_48", "shunt_bits_49_96"]) expect(packed.last(key)).toBe(loose.last(key));
    expect(packed.last("shunt_bits_1_48")).toBe(0xffffff000000);
    expect(packed.last("shunt_bits_49_96")).toBe(1);
  });

  test("12 V, odometer and tyres are read from single frames", () => {
    const { last } = decoding("aze0", [
      frame(0x79a, "04621103b5000000"),
      frame(0x763, "06620e01024a5600", 2500),
      frame(0x763, "04620e25ab000000"),
    ]);
    expect(last("aux_battery_voltage")).toBe(14.48);
    expect([last("polled_odometer"), last("odometer")]).toEqual([150_102, 150_102]);
    expect(last("tyre_pressure_1")).toBeCloseTo(294.75, 2);
  });
});

test("whatever arrives on whatever id, nothing throws, and every frame is accounted for", () => {
  const anyFrame = fc
    .record({
      id: fc.oneof(fc.nat(0x7ff), fc.constantFrom(...messages.map(({ id }) => id), 0x7bb, 0x79a, 0x763)),
      data: fc.uint8Array({ maxLength: 8 }),
      time: fc.double(),
      type: fc.constantFrom("data", "remote", "error"),
    })
    .map(({ id, data, time, type }): CanFrame => ({ ...frame(id, data, time), type }));
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 60 }),
      fc.constantFrom("auto", "ze0", "aze0", "ze1"),
      (frames, generation) => {
        const { decoder, sink, samples } = decoding(generation, frames);
        decoder.flush(sink);
        expect(decoder.counters.frames).toBe(frames.length);
        expect(samples.every(({ value, key }) => Number.isFinite(value) && key !== "?")).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

describe("the tables", () => {
  const fields = [...messages, ...replies].flatMap((each) => each.fields);

  test("a key means one signal, however many messages carry it", () => {
    const bySignal = Map.groupBy(fields, ({ signal }) => signal.key);
    for (const [key, sharing] of bySignal) {
      expect([key, new Set(sharing.map(({ signal }) => JSON.stringify(signal))).size]).toEqual([key, 1]);
    }
  });

  test("a value is a whole number of its signal's steps, wherever it comes from", () => {
    for (const { signal, source } of fields) {
      if (!("at" in source) || signal.type !== "number" || signal.quantum === undefined) continue;
      const steps = source.scale / signal.quantum.scale;
      expect([signal.key, Math.abs(steps - Math.round(steps)) < 1e-9, source.offset]).toEqual([
        signal.key,
        true,
        signal.quantum.offset,
      ]);
    }
  });

  test("a message stands once, with a checksum where its counter says that it has one", () => {
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    for (const { counter, integrity } of messages) expect(counter === undefined || integrity !== undefined).toBe(true);
  });

  test("twelve to twenty signals of a car are on the dashboard at once", () => {
    const enabled = new Set(fields.filter(({ signal }) => signal.presentation.enabled).map(({ signal }) => signal.key));
    expect(enabled.size).toBeGreaterThanOrEqual(12);
    expect(enabled.size).toBeLessThanOrEqual(20);
  });

  test("nothing unverified is on a dashboard, and everything on it is calm", () => {
    for (const { signal } of fields) {
      const { enabled } = signal.presentation;
      expect(enabled && signal.name.includes("unverified")).toBe(false);
      expect(signal.report.minIntervalMs).toBeGreaterThanOrEqual(1000);
    }
  });
});
