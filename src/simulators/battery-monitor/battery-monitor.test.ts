import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAdvert } from "#protocols/leagend/advert.ts";
import { countHistory, pollLive, readHistory } from "#protocols/leagend/command.ts";
import { HistoryReader, historyCount, recordTime } from "#protocols/leagend/history.ts";
import { decrypt, type Model, models } from "#protocols/leagend/model.ts";
import { recognise } from "#protocols/leagend/reading.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { BatteryMonitor } from "./battery-monitor.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 1, 30);
const address = "50:54:7B:24:30:10";
const clock = new ManualClock(NOW);
// Every record differs from its neighbours, so that an order or an offset that is wrong shows.
const battery = (time: number) => {
  const minute = Math.floor(time / 60_000);
  return { voltage: 12 + (minute % 97) / 100, temperature: minute % 31, stateOfCharge: minute % 101, charging: false };
};
const monitor = (model: Model, memory: number) => new BatteryMonitor({ model, address, clock, battery, memory });

test.each(models)("a %s's live packet is recognised and says what its battery does", (model) => {
  const { voltage, temperature, stateOfCharge } = battery(NOW);
  const packet = recognise(monitor(model, 0).live());
  expect(packet).toMatchObject({ model, packet: { type: "reading", reading: { voltage, stateOfCharge } } });
  if (model !== "BM2") expect(packet).toMatchObject({ packet: { reading: { temperature } } });
});

test.each(["BM6", "BM7"] as const)("a %s acknowledges a poll before it answers", (model) => {
  const poll = pollLive(model) ?? new Uint8Array();
  expect(
    monitor(model, 0)
      .write(poll)
      .map((packet) => recognise(packet)?.packet.type),
  ).toEqual(["acknowledgement", "reading"]);
});

test("its memory reads back record by record with true times, whatever its length", () => {
  fc.assert(
    fc.property(fc.constantFrom(...models), fc.integer({ min: 0, max: 300 }), (model, memory) => {
      const simulated = monitor(model, memory);
      const asked =
        model === "BM2"
          ? (historyCount(decrypt(model, simulated.write(countHistory())[0] ?? new Uint8Array())) ?? -1)
          : 2;
      const reader = new HistoryReader(model);
      const blocks = simulated.write(readHistory(model, asked));
      const done = blocks.map((block) => reader.push(decrypt(model, block))).at(-1);
      const wanted = Math.min(memory, model === "BM7" ? 256 : 512);
      const { records, discarded } = reader.result();
      expect(done).toBe(true);
      expect(discarded).toBe(0);
      expect(records.slice(0, wanted).map((record) => record?.voltage)).toEqual(
        Array.from(
          { length: wanted },
          (_, index) => Math.round(battery(recordTime(model, index, NOW)).voltage * 100) / 100,
        ),
      );
      expect(records.slice(wanted).every((record) => record === undefined)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each(["BM2", "BM6"] as const)("a %s's advert gives its reading, and only under its own address", (model) => {
  const record = monitor(model, 0).manufacturerRecord();
  const { voltage, stateOfCharge } = battery(NOW);
  expect(record && parseAdvert(record.company, record.data, address)).toEqual({
    type: "reading",
    reading: { model, voltage, stateOfCharge },
  });
  expect(record && parseAdvert(record.company, record.data, "50:54:7B:24:30:11")).toEqual({ type: "foreign" });
});

test("it stays silent on what it does not understand", () => {
  fc.assert(
    fc.property(fc.constantFrom(...models), fc.uint8Array({ maxLength: 20 }), (model, bytes) => {
      // A random block decrypts to a command by chance once in 16 million or less.
      return monitor(model, 4).write(bytes).length === 0;
    }),
  );
});
