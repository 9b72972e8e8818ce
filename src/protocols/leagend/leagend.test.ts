import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseAdvert } from "./advert.ts";
import { askVersion, countHistory, pollLive, readHistory } from "./command.ts";
import { HistoryReader, historyCount, RECORD_INTERVAL_MS, recordTime } from "./history.ts";
import { BLOCK, decrypt, encrypt, type Model, models } from "./model.ts";
import { parseLive, recognise } from "./reading.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");
const hex = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString("hex");
const blockOf = (head: string): Uint8Array => bytes(head.padEnd(2 * BLOCK, "0"));

const modelName = z
  .enum(["bm2", "bm6", "bm7"])
  .transform((name): Model => (name === "bm2" ? "BM2" : name === "bm6" ? "BM6" : "BM7"));
const vectors = z.object({
  commands: z.array(z.object({ model: modelName, name: z.string(), ciphertext: z.string() })),
  live: z.array(
    z.object({
      model: modelName,
      ciphertext: z.string(),
      plaintext: z.string(),
      decoded: z.looseObject({
        ack: z.boolean().optional(),
        temperature_c: z.number().nullish(),
        soc_pct: z.number(),
        voltage_v: z.number().optional(),
        voltage_v_12bit: z.number().optional(),
      }),
    }),
  ),
  history: z.array(
    z.object({
      model: modelName,
      name: z.string(),
      notifications_ciphertext: z.array(z.string()),
      records: z.array(
        z.object({
          voltage_v: z.number(),
          soc_pct: z.number().optional(),
          temp_c: z.number().optional(),
          min_crank_v: z.number().optional(),
          p: z.number(),
        }),
      ),
    }),
  ),
  adverts: z.array(
    z.object({
      model: modelName,
      manufacturer_record_16B: z.string().optional(),
      ibeacon_payload_after_0215: z.string().optional(),
      decoded: z.looseObject({ mac: z.string().optional(), voltage_v: z.number().optional(), soc_pct: z.number() }),
    }),
  ),
});

const file = `${process.env["CARPORT_REAL_DATA"] ?? "../shared/data"}/vectors/battery-monitors.json`;

describe.runIf(existsSync(file) || process.env["CI"] === "true")("against packets of real monitors", () => {
  const expected = vectors.parse(JSON.parse(readFileSync(file, "utf8")));

  test("every command is the one the phone app sends", () => {
    const commands: Readonly<Record<string, (model: Model) => Uint8Array | undefined>> = {
      poll_live: pollLive,
      version: askVersion,
      history_1_page: (model) => readHistory(model, 1),
      history_3_pages: (model) => readHistory(model, 3),
      history_page_1: (model) => readHistory(model, 1),
      history_count: countHistory,
      history_read_256: (model) => readHistory(model, 256),
    };
    for (const { model, name, ciphertext } of expected.commands)
      expect([name, hex(commands[name]?.(model))]).toEqual([name, ciphertext]);
  });

  test("every live packet is recognised by its key and gives its values", () => {
    for (const { model, ciphertext, plaintext, decoded } of expected.live) {
      expect(hex(decrypt(model, bytes(ciphertext)))).toBe(plaintext);
      const found = recognise(bytes(ciphertext));
      expect(found?.model).toBe(model);
      if (decoded.ack === true) {
        expect(found?.packet.type).toBe("acknowledgement");
        continue;
      }
      expect(found?.packet).toMatchObject({
        type: "reading",
        reading: { voltage: decoded.voltage_v ?? decoded.voltage_v_12bit, stateOfCharge: decoded.soc_pct },
      });
      if (found?.packet.type === "reading")
        expect(found.packet.reading.temperature ?? null).toBe(decoded.temperature_c ?? null);
    }
  });

  test("every stored record is read, in the model's own order", () => {
    for (const { model, notifications_ciphertext, records } of expected.history) {
      const reader = new HistoryReader(model);
      for (const notification of notifications_ciphertext) reader.push(decrypt(model, bytes(notification)));
      const read = reader.result().records.filter((record) => record !== undefined);
      const wanted = records.map((record) => ({
        voltage: record.voltage_v,
        event: record.p,
        ...(model === "BM2"
          ? record.min_crank_v !== undefined && record.min_crank_v > 0 && record.min_crank_v <= record.voltage_v
            ? { crankVoltage: record.min_crank_v }
            : {}
          : { stateOfCharge: record.soc_pct, temperature: record.temp_c }),
      }));
      expect(read).toEqual(model === "BM2" ? wanted.toReversed() : wanted);
    }
  });

  test("every advert gives its values without a connection, and only from its own sender", () => {
    for (const {
      model,
      manufacturer_record_16B: record,
      ibeacon_payload_after_0215: beacon,
      decoded,
    } of expected.adverts) {
      if (record !== undefined) {
        const block = bytes(record);
        const company = (block[0] ?? 0) | ((block[1] ?? 0) << 8);
        const reading = { model, voltage: decoded.voltage_v, stateOfCharge: decoded.soc_pct };
        expect(parseAdvert(company, block.subarray(2), decoded.mac)).toEqual({ type: "reading", reading });
        expect(parseAdvert(company, block.subarray(2), decoded.mac?.toLowerCase())).toMatchObject({ type: "reading" });
        expect(parseAdvert(company, block.subarray(2), undefined)).toMatchObject({ type: "reading" });
        expect(parseAdvert(company, block.subarray(2), "50:54:7B:00:00:01")).toEqual({ type: "foreign" });
      }
      if (beacon !== undefined)
        expect(parseAdvert(0x004c, bytes(`0215${beacon}`), undefined)).toEqual({
          type: "reading",
          reading: { model, stateOfCharge: decoded.soc_pct },
        });
    }
  });
});

test("a 32-byte notification is two messages, the second not chained to the first", () => {
  const twice = new Uint8Array(2 * BLOCK);
  const block = blockOf("d1550700190250052d");
  twice.set(encrypt("BM6", block), 0);
  twice.set(encrypt("BM6", block), BLOCK);
  expect(hex(decrypt("BM6", twice))).toBe(hex(block).repeat(2));
});

test("an acknowledgement is never read as minus something degrees", () => {
  expect(parseLive("BM6", blockOf("d15507ff14026405b4"))).toEqual({ type: "acknowledgement" });
});

test("a sub-zero temperature keeps its sign", () => {
  expect(parseLive("BM7", blockOf("d15507010c014404a7"))).toEqual({
    type: "reading",
    reading: { voltage: 11.91, temperature: -12, stateOfCharge: 68, state: "low" },
  });
});

test.each([
  ["0 V", "BM6", "d1550700190250"],
  ["36 V", "BM6", "d15507001902500e10"],
  ["200 %", "BM6", "d155070019 02 c8 052d".replaceAll(" ", "")],
  ["a sign byte nobody has seen", "BM7", "d1550703190250052d"],
  ["200 °C", "BM7", "d1550700c80250052d"],
  ["0 V", "BM2", "f500000a"],
] as const)("%s from a %s is discarded", (_, model, head) => {
  expect(parseLive(model, blockOf(head))).toEqual({ type: "implausible" });
});

test("a state nobody has explained is absent, the reading stays", () => {
  const packet = parseLive("BM6", blockOf("d1550700190750052d"));
  expect(packet).toEqual({ type: "reading", reading: { voltage: 13.25, temperature: 25, stateOfCharge: 80 } });
});

describe("history", () => {
  const push = (model: Model, ...blocks: readonly string[]) => {
    const reader = new HistoryReader(model);
    const done = blocks.map((block) => reader.push(blockOf(block))).at(-1);
    return { done, ...reader.result() };
  };

  test("an empty memory is no records, and finished", () => {
    expect(push("BM6", "fefefe")).toEqual({ done: true, records: [], discarded: 0 });
    expect(push("BM6", "fffffe", "fffefe00000c")).toEqual({ done: true, records: [], discarded: 0 });
  });

  test("live packets in between are skipped", () => {
    const { records } = push(
      "BM6",
      "d1550501",
      "52b5317053b620f053a620e053055120",
      "d1550700190250052d",
      "fffefe000019",
    );
    expect(records.map((record) => record?.voltage)).toEqual([13.23, 13.39, 13.38, 13.28]);
  });

  test("a zero record keeps its place, so that the older ones keep their times", () => {
    const { records } = push("BM6", "d1550501", "52b531700000000053a620e0fffefe00");
    expect(records.map((record) => record?.voltage)).toEqual([13.23, undefined, 13.38]);
  });

  test("an answer cut off in the middle gives what arrived, unfinished", () => {
    const { done, records } = push("BM6", "d1550501", "52b5317053b620f053a620e053055120");
    expect(done).toBe(false);
    expect(records).toHaveLength(4);
  });

  test("records no battery can have are counted and leave a gap", () => {
    expect(push("BM6", "d1550501", "00153170fff620f0fffefe00")).toEqual({
      done: true,
      records: [undefined, undefined],
      discarded: 2,
    });
  });

  test("the BM2's count is three bytes", () => {
    expect(historyCount(blockOf("e7000400"))).toBe(1024);
    expect(historyCount(blockOf("f5508164"))).toBeUndefined();
  });

  test("records fall on even minutes, a BM2's on odd ones, two minutes apart", () => {
    const now = Date.UTC(2026, 10, 21, 12, 5, 30);
    expect(new Date(recordTime("BM6", 0, now)).toISOString()).toBe("2026-11-21T12:04:00.000Z");
    expect(new Date(recordTime("BM2", 0, now)).toISOString()).toBe("2026-11-21T12:05:00.000Z");
    expect(recordTime("BM6", 0, now) - recordTime("BM6", 10, now)).toBe(10 * RECORD_INTERVAL_MS);
  });
});

describe("whatever arrives", () => {
  const plausible = (voltage: number | undefined): boolean => voltage === undefined || (voltage >= 4 && voltage <= 20);

  test("a notification never throws and never yields an implausible value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (notification) => {
        const found = recognise(notification);
        if (found?.packet.type === "reading") {
          const { voltage, temperature = 0, stateOfCharge } = found.packet.reading;
          return plausible(voltage) && stateOfCharge <= 100 && temperature >= -40 && temperature <= 99;
        }
        return true;
      }),
      { numRuns: 2_000 },
    );
  });

  test("a decrypted block never throws and never yields an implausible value", () => {
    const head = fc.constantFrom([], [0xd1, 0x55, 0x07], [0xd1, 0x55, 0x07, 0x01], [0xf5], [0xff, 0xfe, 0xfe]);
    const block = fc
      .tuple(head, fc.uint8Array({ minLength: BLOCK, maxLength: BLOCK }))
      .map(([start, tail]) => Uint8Array.from([...start, ...tail]).subarray(0, BLOCK));
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.array(block, { maxLength: 8 }), (model, blocks) => {
        const reader = new HistoryReader(model);
        for (const each of blocks) {
          const packet = parseLive(model, each);
          if (packet?.type === "reading" && !plausible(packet.reading.voltage)) return false;
          reader.push(each);
        }
        return reader
          .result()
          .records.every(
            (record) =>
              record === undefined || (plausible(record.voltage) && (record.crankVoltage ?? 0) <= record.voltage),
          );
      }),
      { numRuns: 2_000 },
    );
  });

  test("an advert never throws and never yields an implausible value", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.uint8Array({ maxLength: 32 }), (company, data) => {
        const advert = parseAdvert(company, data, undefined);
        return advert?.type !== "reading" || (plausible(advert.reading.voltage) && advert.reading.stateOfCharge <= 100);
      }),
      { numRuns: 2_000 },
    );
  });
});
