import type { BleAdapter } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { HomeAssistantAccess } from "./home-assistant/core-connection.ts";
import { lazyRadio } from "./lazy-radio.ts";
import type { BleRadio } from "./radio.ts";
import { SharedAdapter } from "./shared-adapter.ts";
import { virtualAir } from "./virtual-airs.ts";
import { virtualBle } from "./virtual-ble.ts";

export interface BleOptions {
  readonly clock: Clock;
  /** For `home-assistant`. */
  readonly homeAssistant?: HomeAssistantAccess | undefined;
  /** How many connections an adapter holds at a time; one when absent. It may change. */
  readonly connections?: (() => number) | undefined;
}

/** The adapters that are open, by name, and how many have opened each. */
const open = new Map<string, { readonly adapter: BleAdapter; users: number }>();

/**
 * Opens a way to Bluetooth LE by its name: `home-assistant`; `bluez` or `bluez:hci0`; `hci:0` for an adapter of Carport's
 * own; `virtual:NAME` within this process. Who names the same one shares it: its scan and its queue of connections. It
 * ends when the last of them has closed it. Nothing is touched before it is used.
 * @throws CarportError BLE_ADAPTER_UNKNOWN
 */
export function openBle(name: string, options: BleOptions): BleAdapter {
  const shared = open.get(name) ?? { adapter: make(name, options), users: 0 };
  open.set(name, shared);
  shared.users++;
  let closed = false;
  const { adapter } = shared;
  return {
    name: adapter.name,
    adverts: (signal) => adapter.adverts(signal),
    connected: (address, use, signal) => adapter.connected(address, use, signal),
    close: async () => {
      if (closed) return;
      closed = true;
      if (--shared.users > 0) return;
      open.delete(name);
      await adapter.close();
    },
  };
}

function make(name: string, { clock, homeAssistant, connections }: BleOptions): BleAdapter {
  const [, way, of] = /^([a-z-]+)(?::(.+))?$/.exec(name) ?? [];
  const shared = (load: () => Promise<BleRadio>) => new SharedAdapter(lazyRadio(name, load), clock, connections);
  if (way === "home-assistant" && of === undefined) {
    return shared(async () => {
      const { HomeAssistantRadio } = await import("./home-assistant/home-assistant-radio.ts");
      return new HomeAssistantRadio(homeAssistant, clock);
    });
  }
  if (way === "bluez" && (of === undefined || /^hci\d+$/.test(of))) {
    return shared(async () => {
      const { BluezRadio } = await import("./bluez/bluez-radio.ts");
      return new BluezRadio(of, clock);
    });
  }
  if (way === "hci" && of !== undefined && /^\d+$/.test(of)) {
    return shared(async () => {
      const { HciRadio } = await import("./hci/hci-radio.ts");
      return new HciRadio(Number(of), clock);
    });
  }
  if (way === "virtual" && of !== undefined) return virtualBle(virtualAir(of), clock);
  throw new CarportError("BLE_ADAPTER_UNKNOWN", name);
}
