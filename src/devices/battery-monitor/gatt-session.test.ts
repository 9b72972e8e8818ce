import { expect, test } from "vitest";
import { type BleConnection, shortUuid } from "#domain/ble.ts";
import { recordTime } from "#protocols/leagend/history.ts";
import { type Model, models } from "#protocols/leagend/model.ts";
import { BatteryMonitor } from "#simulators/battery-monitor/battery-monitor.ts";
import { placeMonitor } from "#simulators/battery-monitor/peripheral.ts";
import { VirtualAir, virtualBle } from "#transports/ble/virtual-ble.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { GattSession } from "./gatt-session.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 1, 30);
const address = "50:54:7B:24:30:10";
const battery = (time: number) => ({
  voltage: 12 + (Math.floor(time / 120_000) % 90) / 100,
  temperature: 21,
  stateOfCharge: 80,
  charging: false,
});

interface Visit {
  readonly clock: ManualClock;
  readonly air: VirtualAir;
  readonly monitor: BatteryMonitor;
  readonly remove: () => void;
  visit<Result>(
    use: (session: GattSession, connection: BleConnection) => Promise<Result>,
    model?: Model,
  ): Promise<Result>;
}

function inRange(model: Model, memory = 600): Visit {
  const clock = new ManualClock(NOW);
  const air = new VirtualAir();
  const monitor = new BatteryMonitor({ model, address, clock, battery, memory });
  const remove = placeMonitor(air, monitor);
  const signal = new AbortController().signal;
  return {
    clock,
    air,
    monitor,
    remove,
    visit: async (use, known) => {
      const visiting = virtualBle(air, clock).connected(
        address,
        async (connection) => use(await GattSession.open(connection, { clock, signal, model: known }), connection),
        signal,
      );
      let done = false;
      const ended = visiting.then(
        () => {
          done = true;
        },
        () => {
          done = true;
        },
      );
      // The monitor pushes and the limits pass by the same clock.
      while (!done) await clock.advance(500);
      await ended;
      return visiting;
    },
  };
}

test.each(models)("a %s is read without knowing what it is", async (model) => {
  const { visit } = inRange(model);
  const [reading, found] = await visit(async (session) => [await session.reading(), session.model] as const);
  expect(found).toBe(model);
  expect(reading).toMatchObject({ voltage: Math.round(battery(NOW).voltage * 100) / 100, stateOfCharge: 80 });
});

test.each(models)("a %s's memory comes with true times", async (model) => {
  const { visit } = inRange(model, 300);
  const wanted = model === "BM7" ? 256 : 300;
  const { records, complete } = await visit(async (session) => {
    await session.reading();
    return session.history(300);
  });
  expect(complete).toBe(true);
  expect(records.filter((record) => record !== undefined)).toHaveLength(wanted);
  const voltage = battery(recordTime(model, 7, NOW)).voltage;
  expect(records[7]?.voltage).toBeCloseTo(voltage, 2);
});

test("a device without the characteristics is no monitor", async () => {
  const { air, visit, remove } = inRange("BM6");
  remove();
  const other = { service: shortUuid("FFF0"), uuid: shortUuid("FFF1"), properties: ["notify"] as const };
  air.place({
    address,
    advert: () => ({ name: "OBD", manufacturerData: new Map(), serviceUuids: [] }),
    characteristics: [other],
    write: () => undefined,
  });
  await expect(visit((session) => session.reading())).rejects.toMatchObject({ code: "MONITOR_UNKNOWN" });
});

test("a monitor that answers garbage only is silent, and its garbage is counted", async () => {
  const { air, visit, remove } = inRange("BM6");
  remove();
  const uuid = (short: string) => ({
    service: shortUuid("FFF0"),
    uuid: shortUuid(short),
    properties: ["notify"] as const,
  });
  air.place({
    address,
    advert: () => ({ name: "BM6", manufacturerData: new Map(), serviceUuids: [] }),
    characteristics: [uuid("FFF3"), uuid("FFF4")],
    write: (_, data, notify) =>
      notify(
        shortUuid("FFF4"),
        data.map((byte) => byte ^ 0x5a),
      ),
  });
  let discarded = 0;
  const reading = visit(async (session) => {
    try {
      return await session.reading();
    } finally {
      discarded = session.discarded;
    }
  });
  await expect(reading).rejects.toMatchObject({ code: "MONITOR_SILENT" });
  expect(discarded).toBe(2);
});

test("a link cut in the middle of a visit ends it with a code", async () => {
  const { air, visit } = inRange("BM6");
  const reading = visit(async (session) => {
    await session.reading();
    air.cut(address);
    return session.history(256);
  });
  await expect(reading).rejects.toMatchObject({ code: "BLE_LOST" });
});

test("a monitor out of range is not found", async () => {
  const { visit, remove } = inRange("BM6");
  remove();
  await expect(visit((session) => session.reading())).rejects.toMatchObject({ code: "BLE_NOT_FOUND" });
});
