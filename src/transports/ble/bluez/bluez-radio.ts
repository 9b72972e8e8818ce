import type { BleAdvert } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { keepScanning } from "../keep-scanning.ts";
import type { BleRadio, GattLink } from "../radio.ts";
import { within } from "../time-limit.ts";
import { toAdvert } from "./advert.ts";
import { BluezLink } from "./bluez-link.ts";
import { BluezObjects } from "./bluez-objects.ts";
import { Discovery } from "./discovery.ts";
import { retried } from "./retried.ts";

/** bluetoothd is restarted, or the adapter set up again, in less. */
const AWAY_MS = 30_000;
const START_MS = 5_000;
/** BlueZ restarts its own scan every ten seconds; two of them may miss a device that shouts rarely. */
const FIND_MS = 20_000;

/** An adapter of this machine that BlueZ lets others use as well. */
export class BluezRadio implements BleRadio {
  readonly name: string;
  readonly #adapter: string | undefined;
  readonly #clock: Clock;
  #opened: Promise<Discovery> | undefined;

  /** @param adapter `hci0`; without it, the first that is switched on */
  constructor(adapter: string | undefined, clock: Clock) {
    this.name = adapter === undefined ? "bluez" : `bluez:${adapter}`;
    this.#adapter = adapter;
    this.#clock = clock;
  }

  scan(heard: (advert: BleAdvert) => void, signal: AbortSignal): Promise<void> {
    return keepScanning(this.#clock, AWAY_MS, (started) => this.#scanOnce(heard, signal, started), signal);
  }

  async connect(address: string, lost: () => void, signal: AbortSignal): Promise<GattLink> {
    const discovery = await this.#open();
    const { objects } = discovery;
    const device = `${discovery.adapter}/dev_${address.replaceAll(":", "_")}`;
    await this.#find(discovery, device, address, signal);
    const call = (member: string) => objects.bus.call({ path: device, interface: "org.bluez.Device1", member });
    try {
      await Promise.race([retried(this.#clock, this.name, () => call("Connect"), signal), aborted(signal)]);
      await objects.refresh(device, "Device1");
      await objects.until(() => {
        const held = objects.get(device, "Device1");
        if (held?.get("Connected") !== true) throw new CarportError("BLE_LOST", address);
        return held.get("ServicesResolved") === true || undefined;
      }, signal);
      return new BluezLink(objects, device, lost);
    } catch (error) {
      // Also ends an attempt that is under way.
      void call("Disconnect").catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const discovery = await this.#opened?.catch(() => undefined);
    discovery?.objects.close();
  }

  /** Until the signal fires or the adapter stops by itself. @throws CarportError when it, or BlueZ, is gone */
  async #scanOnce(heard: (advert: BleAdvert) => void, signal: AbortSignal, started: () => void): Promise<void> {
    const discovery = await this.#open();
    const { objects, adapter } = discovery;
    const source = adapter.slice(adapter.lastIndexOf("/") + 1);
    const stop = objects.listen((path, of, changed) => {
      if (of !== "Device1" || !path.startsWith(`${adapter}/`)) return;
      if (!changed?.has("RSSI") && !changed?.has("ManufacturerData")) return;
      const properties = objects.get(path, of);
      const advert = properties && toAdvert(properties, source, this.#clock.now());
      if (advert !== undefined) heard(advert);
    });
    const stopped = () =>
      discovery.adapter !== adapter || objects.get(adapter, "Adapter1")?.get("Discovering") !== true || undefined;
    try {
      await discovery.during(async () => {
        // BlueZ answers before it says so.
        const discovers = () => objects.get(adapter, "Adapter1")?.get("Discovering") === true || undefined;
        const limit = { ms: START_MS, code: "BLE_ADAPTER_BUSY" as const, subject: this.name };
        await within(this.#clock, limit, objects.until(discovers, signal), signal);
        started();
        await objects.until(stopped, signal);
      }, signal);
    } finally {
      stop();
    }
  }

  /** BlueZ can connect to what it knows; it forgets what it has not heard for half a minute. */
  async #find(discovery: Discovery, device: string, address: string, signal: AbortSignal): Promise<void> {
    const { objects } = discovery;
    const known = () => objects.get(device, "Device1") && true;
    if (known()) return;
    const enough = new AbortController();
    const until = AbortSignal.any([signal, enough.signal]);
    const limit = { ms: FIND_MS, code: "BLE_NOT_FOUND" as const, subject: address };
    const looking = discovery.during(() => objects.until(known, until), until);
    await within(this.#clock, limit, looking, signal).finally(() => enough.abort());
  }

  #open(): Promise<Discovery> {
    const forget = (): void => {
      this.#opened = undefined;
    };
    this.#opened ??= BluezObjects.open().then(
      (objects) => {
        objects.gone.addEventListener("abort", forget);
        return new Discovery(objects, this.#adapter, this.#clock);
      },
      (error) => {
        forget();
        throw error;
      },
    );
    return this.#opened;
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
