import type { Characteristic, Peripheral } from "@abandonware/noble";
import { type BleCharacteristic, shortUuid } from "#domain/ble.ts";
import { CarportError } from "#domain/error.ts";
import type { GattLink } from "../radio.ts";

const properties: Readonly<Record<string, BleCharacteristic["properties"][number]>> = {
  read: "read",
  write: "write",
  writeWithoutResponse: "write-without-response",
  notify: "notify",
  indicate: "indicate",
};

/** noble writes `fff3` or 32 digits in a row. */
export const longUuid = (uuid: string): string =>
  uuid.length === 4
    ? shortUuid(uuid)
    : uuid.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** A device connected by noble. */
export class HciLink implements GattLink {
  readonly #peripheral: Peripheral;
  readonly #ended: () => void;
  readonly #found = new Map<string, Characteristic>();

  /** @param ended called once it has been disconnected from this side */
  constructor(peripheral: Peripheral, ended: () => void) {
    this.#peripheral = peripheral;
    this.#ended = ended;
  }

  async discover(): Promise<readonly BleCharacteristic[]> {
    const { services } = await this.#peripheral.discoverAllServicesAndCharacteristicsAsync();
    const all: BleCharacteristic[] = [];
    for (const service of services) {
      for (const characteristic of service.characteristics) {
        const found = {
          service: longUuid(service.uuid),
          uuid: longUuid(characteristic.uuid),
          properties: characteristic.properties.flatMap((property) => properties[property] ?? []),
        };
        this.#found.set(key(found), characteristic);
        all.push(found);
      }
    }
    return all;
  }

  async read(of: BleCharacteristic): Promise<Uint8Array> {
    return new Uint8Array(await this.#characteristic(of).readAsync());
  }

  async write(to: BleCharacteristic, data: Uint8Array): Promise<void> {
    await this.#characteristic(to).writeAsync(Buffer.from(data), !to.properties.includes("write"));
  }

  async subscribe(to: BleCharacteristic, notify: (data: Uint8Array) => void): Promise<void> {
    const characteristic = this.#characteristic(to);
    characteristic.on("data", (data) => notify(new Uint8Array(data)));
    await characteristic.subscribeAsync();
  }

  async disconnect(): Promise<void> {
    try {
      await this.#peripheral.disconnectAsync();
    } finally {
      for (const characteristic of this.#found.values()) characteristic.removeAllListeners("data");
      this.#ended();
    }
  }

  #characteristic(of: BleCharacteristic): Characteristic {
    const found = this.#found.get(key(of));
    if (found === undefined) throw new CarportError("BLE_REFUSED", of.uuid);
    return found;
  }
}

const key = ({ service, uuid }: BleCharacteristic): string => `${service} ${uuid}`;
