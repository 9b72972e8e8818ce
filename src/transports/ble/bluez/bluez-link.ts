import { Variant } from "dbus-next";
import { z } from "zod";
import type { BleCharacteristic } from "#domain/ble.ts";
import { CarportError } from "#domain/error.ts";
import type { GattLink } from "../radio.ts";
import type { BluezObjects, Properties } from "./bluez-objects.ts";
import { DbusError } from "./system-bus.ts";

const properties = ["read", "write", "write-without-response", "notify", "indicate"] as const;
const service = z.object({ UUID: z.string() });
const characteristic = z.object({ UUID: z.string(), Service: z.string(), Flags: z.array(z.string()) });
const GATT = "org.bluez.GattCharacteristic1";

/** A device that BlueZ has connected and whose services it has resolved. */
export class BluezLink implements GattLink {
  readonly #objects: BluezObjects;
  readonly #device: string;
  readonly #stop: () => void;
  readonly #subscribers = new Map<string, (data: Uint8Array) => void>();

  /** @param device its object path */
  constructor(objects: BluezObjects, device: string, lost: () => void) {
    this.#objects = objects;
    this.#device = device;
    const end = (): void => {
      this.#stop();
      lost();
    };
    const unlisten = objects.listen((path, of, changed) => {
      if (path === device && of === "Device1" && !isConnected(objects.get(path, of))) end();
      if (of === "GattCharacteristic1" && changed?.has("Value")) this.#notify(path);
    });
    objects.gone.addEventListener("abort", end);
    this.#stop = () => {
      unlisten();
      objects.gone.removeEventListener("abort", end);
    };
  }

  async discover(): Promise<readonly BleCharacteristic[]> {
    return [...this.#characteristics()].map(([, found]) => found);
  }

  async read(of: BleCharacteristic): Promise<Uint8Array> {
    const [value] = await this.#call(of, "ReadValue", "a{sv}", [{}]);
    if (value instanceof Uint8Array) return value;
    throw new CarportError("BLE_REFUSED", of.uuid);
  }

  async write(to: BleCharacteristic, data: Uint8Array): Promise<void> {
    const type = to.properties.includes("write") ? "request" : "command";
    await this.#call(to, "WriteValue", "aya{sv}", [Buffer.from(data), { type: new Variant("s", type) }]);
  }

  async subscribe(to: BleCharacteristic, notify: (data: Uint8Array) => void): Promise<void> {
    this.#subscribers.set(this.#path(to), notify);
    await this.#call(to, "StartNotify");
  }

  async disconnect(): Promise<void> {
    this.#stop();
    await this.#objects.bus.call({ path: this.#device, interface: "org.bluez.Device1", member: "Disconnect" });
  }

  async #call(of: BleCharacteristic, member: string, signature = "", body: readonly unknown[] = []) {
    try {
      return await this.#objects.bus.call({ path: this.#path(of), interface: GATT, member, signature, body });
    } catch (cause) {
      const lost = cause instanceof DbusError && /NotConnected|UnknownObject|Not connected/.test(cause.message);
      throw lost ? new CarportError("BLE_LOST", this.#device, { cause }) : cause;
    }
  }

  #notify(path: string): void {
    const value = this.#objects.get(path, "GattCharacteristic1")?.get("Value");
    if (value instanceof Uint8Array) this.#subscribers.get(path)?.(value);
  }

  #path({ service, uuid }: BleCharacteristic): string {
    for (const [path, found] of this.#characteristics()) {
      if (found.uuid === uuid && found.service === service) return path;
    }
    throw new CarportError("BLE_REFUSED", uuid);
  }

  *#characteristics(): Generator<readonly [path: string, characteristic: BleCharacteristic]> {
    for (const [path, held] of this.#objects.below(`${this.#device}/`, "GattCharacteristic1")) {
      const { data } = characteristic.safeParse(Object.fromEntries(held));
      const parent = data && this.#objects.get(data.Service, "GattService1");
      const of = service.safeParse(Object.fromEntries(parent ?? [])).data;
      if (data === undefined || of === undefined) continue;
      const flags = properties.filter((property) => data.Flags.includes(property));
      yield [path, { service: of.UUID.toLowerCase(), uuid: data.UUID.toLowerCase(), properties: flags }];
    }
  }
}

// Of a device it has just met BlueZ 5.66 tells only that the services are gone, not that the link is.
const isConnected = (device: Properties | undefined): boolean =>
  device?.get("Connected") === true && device.get("ServicesResolved") === true;
