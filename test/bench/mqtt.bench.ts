/** What a sample costs on its way past the dead-band, and how fast readings reach another client of a real broker. */
import { BatchBuilder } from "#domain/batch.ts";
import type { Signal } from "#domain/signal.ts";
import { systemClock } from "#hub/system-clock.ts";
import { startMqtt } from "#outlets/mqtt/mqtt.ts";
import { ReportGate } from "#outlets/mqtt/report-gate.ts";
import { BrokerWatch } from "../broker-watch.ts";
import { can0, household, quantity } from "../household.ts";
import { silentLog } from "../memory-garage.ts";
import { settingsFor } from "../mqtt-settings.ts";
import { Mosquitto } from "../parts/mosquitto.ts";
import { medianSeconds, report } from "./report.ts";

const SIGNALS = 200;
/** 50 ms of two full buses. */
const ROWS = 4_000;
const BATCHES = 500;

const signals: readonly Signal[] = Array.from({ length: SIGNALS }, (_, at) =>
  quantity(`signal_${at}`, { unit: "V", report: { deadBand: 1, minIntervalMs: 5_000 } }),
);

/** Noise within the dead-band. */
function noise(value: number) {
  const builder = new BatchBuilder(signals);
  for (let row = 0; row < ROWS; row++) builder.add(row % SIGNALS, row, value + (row % 7) / 10);
  const batch = builder.take();
  if (batch === undefined) throw new Error("no rows");
  return batch;
}

const quiet = noise(300);
const gate = new ReportGate(() => undefined);
let now = 0;
const seconds = await medianSeconds(() => {
  for (let at = 0; at < BATCHES; at++) {
    now += 50;
    gate.take(quiet, now);
  }
});
report({
  name: "sample within the dead-band",
  value: (seconds / (BATCHES * ROWS)) * 1e9,
  unit: "ns",
  target: { atMost: 1_000 },
  note: `${SIGNALS} signals, ${ROWS} rows a batch`,
});

const broker = await Mosquitto.start();
const garage = household(signals.map((signal) => ({ ...signal, report: { deadBand: 0, minIntervalMs: 0 } })));
const watch = await BrokerWatch.open(broker);
const mqtt = startMqtt({
  garage,
  settings: settingsFor(broker),
  clock: systemClock,
  log: silentLog,
  signal: new AbortController().signal,
  version: "bench",
});
await watch.untilStanding("carport/status", "online");
let value = 0;
const known = garage.device(can0)?.status.signals ?? [];
const way = await medianSeconds(async () => {
  value++;
  const builder = new BatchBuilder(known);
  for (let at = 0; at < SIGNALS; at++) builder.add(at, Date.now(), value);
  const batch = builder.take();
  if (batch) garage.publish(can0, batch);
  await watch.untilStanding(`carport/device/can0/signal/signal_${SIGNALS - 1}`, String(value));
});
report({
  name: "200 changed values to another client",
  value: way * 1000,
  unit: "ms",
  note: "Mosquitto, QoS 0, retained",
});
await mqtt.stop();
await watch.close();
await broker.stop();
