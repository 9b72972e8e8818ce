import { batteryMonitor } from "#devices/battery-monitor/battery-monitor.ts";
import { batteryMonitorSettings } from "#devices/battery-monitor/settings.ts";
import type { DeviceOutput, DeviceServices } from "#devices/device-kind.ts";
import { RECORD_INTERVAL_MS } from "#protocols/leagend/history.ts";
import type { Model } from "#protocols/leagend/model.ts";
import { type BatteryCondition, BatteryMonitor } from "#simulators/battery-monitor/battery-monitor.ts";
import { placeMonitor } from "#simulators/battery-monitor/peripheral.ts";
import { openBle } from "#transports/ble/open-ble.ts";
import { virtualAir } from "#transports/ble/virtual-airs.ts";
import { deviceId } from "./fake-drive.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLog } from "./memory-garage.ts";
import { MemoryStore } from "./memory-store.ts";

/** When every harbour opens, UTC ms. */
export const OPENED = Date.UTC(2026, 10, 21, 12, 1, 30);

/** A battery whose voltage differs from one record to the next. */
export const battery = (time: number): BatteryCondition => ({
  voltage: 12 + (Math.floor(time / RECORD_INTERVAL_MS) % 90) / 100,
  temperature: 21,
  stateOfCharge: 80,
  charging: false,
});

let harbours = 0;

/**
 * An air with simulated battery monitors in it, devices that watch them by real bytes, and a store that keeps what they
 * say. The clock is moved by hand. `keep` false: nothing is kept, for measuring memory.
 */
export function openHarbour({ keep = true } = {}) {
  const name = `harbour-${++harbours}`;
  const clock = new ManualClock(OPENED);
  const air = virtualAir(name);
  const store = new MemoryStore();
  const closing = new AbortController();
  const services: DeviceServices = {
    openBle: (adapter) => openBle(adapter === "auto" ? `virtual:${name}` : adapter, { clock }),
    keptTimes: (device, signal, from, to) => store.read({ device, signal, from, to }).times,
  };

  const place = (model: Model, berth = 1, memory = 600, life = battery) => {
    const address = `50:54:7B:00:00:${berth.toString(16).padStart(2, "0").toUpperCase()}`;
    const monitor = new BatteryMonitor({ model, address, clock, battery: life, memory });
    const put = () => placeMonitor(air, monitor);
    return { address, monitor, put, remove: put() };
  };

  const watch = (settings: { readonly address: string } & Readonly<Record<string, unknown>>) => {
    const device = deviceId(`monitor-${settings.address.slice(-2).toLowerCase()}`);
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, closing.signal]);
    const outputs: DeviceOutput[] = [];
    let counters: Readonly<Record<string, number>> = {};
    const parsed = batteryMonitorSettings.parse({ adapter: "auto", ...settings });
    const done = (async () => {
      for await (const output of batteryMonitor.open(parsed, { device, signal, clock, log: silentLog, services })) {
        if (output.type === "counters") counters = output.counters;
        if (!keep) continue;
        outputs.push(output);
        if (output.type === "batch") store.append(device, undefined, output.batch);
      }
    })();
    done.catch(() => undefined);
    const read = (key: string) => {
      const found = store.channels().find((channel) => channel.device === device && channel.signal.key === key);
      if (found === undefined) return [];
      const range = { from: 0, to: Number.POSITIVE_INFINITY };
      const { times, values } = store.read({ device, signal: found.signal.key, ...range });
      return Array.from(times, (time, at) => ({ time, value: values[at] ?? Number.NaN }));
    };
    const states = () => outputs.flatMap((output) => (output.type === "state" ? [output.state] : []));
    return { stop, done, outputs, read, states, counters: () => counters };
  };

  /** Time passes; every `advertEvery` ms all monitors in range send an advert. */
  const pass = async (ms: number, advertEvery = 10_000) => {
    for (let passed = 0; passed < ms; passed += advertEvery) {
      air.advertise();
      await clock.advance(Math.min(advertEvery, ms - passed));
    }
  };
  return { air, clock, services, place, watch, pass, close: () => closing.abort() };
}
