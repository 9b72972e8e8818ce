import { recogniseMonitor } from "#devices/battery-monitor/scan.ts";
import { type Visit, type VisitOptions, visit } from "#devices/battery-monitor/visit.ts";
import type { BleAdapter } from "#domain/ble.ts";
import { toCarportError } from "#domain/error.ts";
import { systemClock } from "#hub/system-clock.ts";
import type { Model } from "#protocols/leagend/model.ts";
import { bluetooth } from "../bluetooth.ts";
import type { Io } from "./io.ts";

export const ADAPTER_HELP = `  --adapter NAME   home-assistant, bluez, bluez:hci1 or hci:0; otherwise Home Assistant's within Home Assistant, and
                   BlueZ elsewhere`;

/** An adapter knows a device once it has heard it; a monitor calls every few seconds. */
const HEARING_MS = 20_000;

/** Opens a way to Bluetooth, and closes it. What goes wrong is said with its next step, and is exit code 1. */
export async function withBluetooth(
  name: string,
  io: Io,
  use: (adapter: BleAdapter) => Promise<number>,
): Promise<number> {
  try {
    const adapter = bluetooth(io.env, systemClock)(name);
    try {
      return await use(adapter);
    } finally {
      await adapter.close();
    }
  } catch (error) {
    if (!io.signal.aborted) io.err(told(error, name));
    return 1;
  }
}

export function told(error: unknown, subject: string): string {
  const { message, nextStep } = toCarportError(error, subject);
  return `${message}\n${nextStep}\n`;
}

/** In capitals; undefined for what is no address. */
export const bleAddress = (text: string | undefined): string | undefined =>
  text !== undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? text.toUpperCase() : undefined;

/** Visits a monitor as soon as it is heard, or when it should have been. @throws CarportError BLE_…, MONITOR_… */
export async function visitNearby(
  adapter: BleAdapter,
  address: string,
  options: Omit<VisitOptions, "clock" | "model">,
): Promise<Visit> {
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  const heard = new AbortController();
  let model: Model | undefined;
  const listening = (async () => {
    for await (const advert of adapter.adverts(signal)) {
      if (advert.address !== address) continue;
      model = recogniseMonitor(advert)?.model;
      heard.abort();
    }
  })();
  try {
    // A listener that fails ends the waiting: there is no Bluetooth to wait for.
    await Promise.race([systemClock.sleep(HEARING_MS, AbortSignal.any([heard.signal, signal])), listening]);
    return await visit(adapter, address, { ...options, model, clock: systemClock });
  } finally {
    done.abort();
    await listening.catch(() => undefined);
  }
}
