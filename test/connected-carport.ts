import { expect, onTestFinished } from "vitest";
import { type EmbeddedBroker, startEmbeddedBroker } from "#outlets/mqtt/embedded-broker.ts";
import { type Mqtt, type MqttOptions, startMqtt } from "#outlets/mqtt/mqtt.ts";
import { type BrokerAddress, BrokerWatch } from "./broker-watch.ts";
import { HastyClock } from "./hasty-clock.ts";
import { household } from "./household.ts";
import { silentLog } from "./memory-garage.ts";
import { settingsFor } from "./mqtt-settings.ts";

export const leafPage = "homeassistant/device/carport_vehicle_family-leaf/config";
export const canPage = "homeassistant/device/carport_device_can0/config";
export const socTopic = "carport/device/can0/signal/soc";

/** All of these end with the test that opened them. */
export async function openBroker(port?: number): Promise<EmbeddedBroker> {
  const broker = await startEmbeddedBroker(port);
  onTestFinished(() => broker.close());
  return broker;
}

export async function openWatch(address: BrokerAddress): Promise<BrokerWatch> {
  const watch = await BrokerWatch.open(address);
  onTestFinished(() => watch.close());
  return watch;
}

/** Forty times faster than life unless it is given another clock, and without chance. */
export function openCarport(options: Pick<MqttOptions, "garage" | "settings"> & Partial<MqttOptions>): Mqtt {
  const { signal } = new AbortController();
  const rest = { clock: new HastyClock(40), log: silentLog, signal, version: "1.2.3", random: () => 0 };
  const mqtt = startMqtt({ ...rest, ...options });
  onTestFinished(() => mqtt.stop());
  return mqtt;
}

/** A garage, a broker with Carport connected to it, and somebody who looks on. */
export async function connectedCarport(garage = household()) {
  const broker = await openBroker();
  const watch = await openWatch(broker);
  const mqtt = openCarport({ garage, settings: settingsFor(broker) });
  await watch.untilStanding("carport/status", "online");
  return { garage, broker, watch, mqtt };
}

/** Like `expect`, for what comes true by itself in a moment. */
export const eventually = <T>(value: () => T) => expect.poll(value, { interval: 5, timeout: 5_000 });
