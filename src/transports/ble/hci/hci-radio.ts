import type { Noble, Peripheral } from "@abandonware/noble";
import type { BleAdvert } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { BleRadio, GattLink } from "../radio.ts";
import { within } from "../time-limit.ts";
import { HciLink, longUuid } from "./hci-link.ts";

const READY_MS = 10_000;
const FIND_MS = 20_000;
/** Devices of which noble's object is kept to connect to; the one heard longest ago goes first. */
const MOST_KNOWN = 256;

/** An adapter that nothing else uses, spoken to directly (HCI) by noble. */
export class HciRadio implements BleRadio {
  readonly name: string;
  readonly #number: number;
  readonly #clock: Clock;
  readonly #known = new Map<string, Peripheral>();
  readonly #listeners = new Set<(advert: BleAdvert) => void>();
  #opening: Promise<Noble> | undefined;
  /** Scanning and connecting at once is refused by many adapters. */
  #links = 0;

  /** @param number 0 for hci0 */
  constructor(number: number, clock: Clock) {
    this.name = `hci:${number}`;
    this.#number = number;
    this.#clock = clock;
  }

  async scan(heard: (advert: BleAdvert) => void, signal: AbortSignal): Promise<void> {
    const noble = await this.#open();
    const ended = Promise.withResolvers<void>();
    const onState = (state: string): void => {
      if (state !== "poweredOn") ended.reject(new CarportError("BLE_ADAPTER_OFF", this.name));
    };
    const onAbort = (): void => ended.resolve();
    signal.addEventListener("abort", onAbort);
    noble.on("stateChange", onState);
    this.#listeners.add(heard);
    try {
      if (signal.aborted) return;
      this.#rescan(noble);
      await ended.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      noble.removeListener("stateChange", onState);
      this.#listeners.delete(heard);
      this.#rescan(noble);
    }
  }

  async connect(address: string, lost: () => void, signal: AbortSignal): Promise<GattLink> {
    const noble = await this.#open();
    const peripheral = this.#known.get(address) ?? (await this.#find(noble, address, signal));
    const cancel = (): void => peripheral.cancelConnect();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#links--;
      this.#rescan(noble);
    };
    this.#links++;
    signal.addEventListener("abort", cancel, { once: true });
    try {
      // noble itself stops the scan first.
      await peripheral.connectAsync();
      peripheral.once("disconnect", () => {
        end();
        lost();
      });
      return new HciLink(peripheral, end);
    } catch (error) {
      end();
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    const noble = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    noble?.removeAllListeners();
    noble?.stop();
  }

  #open(): Promise<Noble> {
    this.#opening ??= this.#start().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** @throws CarportError BLE_ADAPTER_REFUSED, BLE_ADAPTER_OFF */
  async #start(): Promise<Noble> {
    const { withBindings } = await import("@abandonware/noble");
    const options = { deviceId: this.#number, extended: false };
    const noble = withBindings("hci", options);
    const before = process.listeners("SIGINT");
    try {
      noble.on("discover", (peripheral) => this.#hear(peripheral));
      await noble.waitForPoweredOnAsync(READY_MS);
      return noble;
    } catch (cause) {
      const code = noble.state === "unauthorized" ? "BLE_ADAPTER_REFUSED" : "BLE_ADAPTER_OFF";
      noble.removeAllListeners();
      throw new CarportError(code, this.name, { cause });
    } finally {
      // It would end the process at the first Ctrl-C, before anything is in order.
      for (const listener of process.listeners("SIGINT")) {
        if (!before.includes(listener)) process.removeListener("SIGINT", listener);
      }
    }
  }

  #rescan(noble: Noble): void {
    if (this.#links > 0 || noble.state !== "poweredOn") return;
    if (this.#listeners.size > 0) noble.startScanning([], true);
    else noble.stopScanning();
  }

  async #find(noble: Noble, address: string, signal: AbortSignal): Promise<Peripheral> {
    const found = Promise.withResolvers<void>();
    const listener = (advert: BleAdvert): void => {
      if (advert.address === address) found.resolve();
    };
    this.#listeners.add(listener);
    this.#rescan(noble);
    try {
      const limit = { ms: FIND_MS, code: "BLE_NOT_FOUND" as const, subject: address };
      await within(this.#clock, limit, found.promise, signal);
    } finally {
      this.#listeners.delete(listener);
      this.#rescan(noble);
    }
    const peripheral = this.#known.get(address);
    if (peripheral === undefined) throw new CarportError("BLE_NOT_FOUND", address);
    return peripheral;
  }

  #hear(peripheral: Peripheral): void {
    const address = peripheral.address.toUpperCase();
    this.#known.delete(address);
    this.#known.set(address, peripheral);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    const { localName, manufacturerData, serviceUuids } = peripheral.advertisement;
    const advert: BleAdvert = {
      address,
      name: localName || undefined,
      rssi: peripheral.rssi,
      time: this.#clock.now(),
      connectable: peripheral.connectable,
      source: `hci${this.#number}`,
      manufacturerData: new Map(
        manufacturerData?.length >= 2
          ? [[manufacturerData.readUInt16LE(0), new Uint8Array(manufacturerData.subarray(2))]]
          : [],
      ),
      serviceUuids: (serviceUuids ?? []).map(longUuid),
    };
    for (const listener of this.#listeners) listener(advert);
  }
}
