import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { CanFrame } from "#domain/can-frame.ts";
import { readRecording } from "../../../test/can-recording.ts";
import { bitReader } from "../can/bits.ts";
import { candumpLog } from "../can/logs/candump-log.ts";
import { LeafDecoder } from "./decoder.ts";
import { type LeafGeneration, leafGenerations } from "./generation.ts";
import { isIntact } from "./integrity.ts";
import { messages } from "./messages.ts";
import {
  type Deviation,
  deviationOf,
  type Mapping,
  mappingOf,
  type Place,
  placeOf,
  same,
} from "./real-recordings.reference.ts";

const statistics = z.object({
  count: z.number(),
  unavailable: z.number(),
  first: z.number(),
  last: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
});
type Statistics = z.infer<typeof statistics>;
const wholeAndAll = z.record(z.string(), z.tuple([z.number(), z.number()]));
const vectors = z.object({
  logs: z.array(
    z.object({
      log: z.string(),
      generation: z.string().toLowerCase().pipe(z.enum(leafGenerations)),
      frames: z.number(),
      id_counts: z.record(z.string(), z.number()),
      crc8_ok: wholeAndAll,
      nibble_csum_ok: wholeAndAll,
      signals: z.record(z.string(), statistics),
      samples: z.array(
        z.object({
          id: z.string(),
          data: z.string(),
          values: z.record(z.string(), z.union([z.number(), z.null(), z.array(z.number().nullable())])),
        }),
      ),
    }),
  ),
});

class Rows {
  readonly #decoder: LeafDecoder;
  /** By index of the signal: what came, and as the how manieth of all. */
  readonly #values: number[][] = [];
  readonly #order: number[][] = [];
  #count = 0;

  constructor(decoder: LeafDecoder) {
    this.#decoder = decoder;
  }

  add(index: number, _time: number, value: number): void {
    if (this.#values[index] === undefined) {
      this.#values[index] = [];
      this.#order[index] = [];
    }
    this.#values[index].push(value);
    this.#order[index]?.push(this.#count++);
  }

  of({ keys, factor }: Mapping): readonly number[] {
    const indexes = this.#decoder.signals.flatMap(({ key }, index) => (keys.includes(key) ? [index] : []));
    const [only, ...more] = indexes;
    if (only === undefined) return [];
    if (more.length === 0) return (this.#values[only] ?? []).map((value) => value * factor);
    const rows = indexes.flatMap((index) =>
      (this.#values[index] ?? []).map((value, at) => ({ value, order: this.#order[index]?.[at] ?? 0 })),
    );
    return rows.sort((a, b) => a.order - b.order).map(({ value }) => value * factor);
  }
}

function statisticsOf(values: readonly number[], unavailable: number): Statistics {
  return {
    count: values.length,
    unavailable,
    first: values[0] ?? Number.NaN,
    last: values.at(-1) ?? Number.NaN,
    min: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    max: values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    mean: values.reduce((a, b) => a + b, 0) / values.length,
  };
}

/** The reference has six decimals in its means. */
function expectSame(actual: Statistics, expected: Statistics, what: string): void {
  expect({ what, count: actual.count, unavailable: actual.unavailable }).toEqual({
    what,
    count: expected.count,
    unavailable: expected.unavailable,
  });
  for (const name of ["first", "last", "min", "max", "mean"] as const) {
    expect(actual[name], `${what} ${name}`).toBeCloseTo(expected[name], 5);
  }
}

/** As above, where `n` frames deviate: counts and sums follow exactly, the rest unless one of those frames decides it. */
function expectDeviating(
  actual: Statistics,
  expected: Statistics,
  { signal, reference, ours }: Deviation,
  n: number,
): void {
  const kept = typeof ours === "number";
  const count = expected.count - (kept ? 0 : n);
  expect({ signal, count: actual.count, unavailable: actual.unavailable }).toEqual({
    signal,
    count,
    unavailable: expected.unavailable + (ours === "absent" ? n : 0),
  });
  if (count === 0) return;
  const sum = expected.mean * expected.count - n * reference + (kept ? n * ours : 0);
  expect(actual.mean, `${signal} mean`).toBeCloseTo(sum / count, 3);
  for (const name of ["first", "last", "min", "max"] as const) {
    if (expected[name] !== reference) expect(actual[name], `${signal} ${name}`).toBeCloseTo(expected[name], 5);
  }
}

const folder = process.env["CARPORT_REAL_DATA"] ?? "../shared/data";
const vectorFile = `${folder}/vectors/leaf-decode.json`;

const readFrames = (log: string): CanFrame[] =>
  readRecording(candumpLog, readFileSync(`${folder}/${log.replace(/^data\//, "")}`)).frames;

function frame(time: number, id: string, hex: string): CanFrame {
  const data = Uint8Array.from(Buffer.from(hex, "hex"));
  const length = data.length;
  return {
    time,
    id: parseInt(id, 16),
    extended: false,
    type: "data",
    fd: false,
    direction: "rx",
    channel: "can0",
    data,
    length,
  };
}

const idText = (id: number): string => id.toString(16).toUpperCase().padStart(3, "0");

describe.runIf(existsSync(vectorFile) || process.env["CI"] === "true")("against recordings of real cars", () => {
  const { logs } = vectors.parse(JSON.parse(readFileSync(vectorFile, "utf8")));

  for (const { log, generation, ...expected } of logs) {
    describe(log, () => {
      const frames = readFrames(log);
      const decoder = new LeafDecoder("auto");
      const rows = new Rows(decoder);
      for (const each of frames) decoder.decode(each, rows);
      decoder.flush(rows);
      const byId = Map.groupBy(frames, ({ id }) => idText(id));

      test("the generation is recognised from the frames", () => {
        expect(decoder.generation).toBe(generation);
      });

      test("every frame is there, and every checksum is right", () => {
        expect(frames).toHaveLength(expected.frames);
        expect(Object.fromEntries([...byId].map(([id, list]) => [id, list.length]))).toEqual(expected.id_counts);
        for (const integrity of ["crc8", "nibble-sum"] as const) {
          const ids = messages.filter((message) => message.integrity === integrity).map(({ id }) => idText(id));
          const right = ids.flatMap((id) => {
            const list = byId.get(id);
            const good = list?.filter((each) => isIntact(integrity, each.id, each.data)).length;
            return list === undefined ? [] : [[id, [good, list.length]]];
          });
          expect(Object.fromEntries(right)).toEqual(integrity === "crc8" ? expected.crc8_ok : expected.nibble_csum_ok);
        }
        expect(decoder.counters).toMatchObject({ frames: expected.frames, wrongLength: 0, wrongChecksum: 0 });
      });

      for (const [signal, statistic] of Object.entries(expected.signals)) {
        const place = placeOf(signal, generation);
        test(`${signal}${place === undefined ? "" : ` (${place.why})`}`, () => {
          const sent = byId.get(signal.slice(0, 3)) ?? [];
          if (place !== undefined) {
            const value = valueAt(place);
            const values = sent.map(({ data }) => value(data));
            expectSame(statisticsOf(values, 0), statistic, signal);
            return;
          }
          const mapping = mappingOf(signal);
          const unavailable = mapping.keys.reduce((sum, key) => sum + decoder.unavailable(key), 0);
          const actual = statisticsOf(rows.of(mapping), unavailable);
          const deviation = deviationOf(signal, generation);
          if (deviation === undefined) {
            expectSame(actual, statistic, signal);
          } else {
            const read = bitReader(deviation.at);
            const affected = sent.filter(({ data }) => read(data) === deviation.raw).length;
            expectDeviating(actual, statistic, deviation, affected);
          }
        });
      }

      test("single frames give their values", () => {
        for (const { id, data, values } of expected.samples) {
          const single = new LeafDecoder(generation);
          const found = new Rows(single);
          const sample = frame(0, id, data);
          single.decode(sample, found);
          for (const [name, value] of Object.entries(values)) {
            const signal = `${id}.${name}`;
            expect([signal, data, valueIn(found, sample, signal, generation)]).toEqual([signal, data, value]);
          }
        }
      });
    });
  }
});

function valueAt({ at, scale, offset }: Place): (data: Uint8Array) => number {
  const read = bitReader(at);
  return (data) => read(data) * scale + offset;
}

const tyres = ["front_left", "front_right", "rear_right", "rear_left"];
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** What we make of a single frame, in the reference's terms; deviations taken back. */
function valueIn(rows: Rows, { data }: CanFrame, signal: string, generation: LeafGeneration): unknown {
  if (signal === "385.tp_psi") {
    return tyres.map((tyre) => {
      const [kilopascals] = rows.of(same(`tyre_pressure_${tyre}`));
      return kilopascals === undefined ? null : rounded(kilopascals / 6.894757293168361);
    });
  }
  const place = placeOf(signal, generation);
  if (place !== undefined) return valueAt(place)(data);
  const values = rows.of(mappingOf(signal));
  const deviation = deviationOf(signal, generation);
  if (deviation !== undefined && bitReader(deviation.at)(data) === deviation.raw) {
    expect(values).toEqual(typeof deviation.ours === "number" ? [deviation.ours] : []);
    return deviation.reference;
  }
  const [value] = values;
  return value === undefined ? null : rounded(value);
}
