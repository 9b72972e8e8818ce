import type { BleAdapter, BleAdvert, BleCharacteristic, BleConnection } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { ConnectionSlots } from "./connection-slots.ts";
import { NewestAdverts } from "./newest-adverts.ts";
import { NotificationQueue } from "./notification-queue.ts";

type Notify = (characteristic: string, data: Uint8Array) => void;

/** What a simulated device shows to the air: an advert now and then, and characteristics to whoever connects. */
export interface VirtualPeripheral {
  readonly address: string;
  advert(): Pick<BleAdvert, "name" | "manufacturerData" | "serviceUuids">;
  readonly characteristics: readonly BleCharacteristic[];
  /** Called while connected; `notify` sends to the subscribers of a characteristic. */
  write(characteristic: string, data: Uint8Array, notify: Notify): void;
  /** Someone subscribed; `ended` fires when the connection does. */
  subscribed?(characteristic: string, notify: Notify, ended: AbortSignal): void;
}

/** The air within this process: peripherals in it are heard by every adapter in it. */
export class VirtualAir {
  readonly #peripherals = new Map<string, VirtualPeripheral>();
  readonly #listeners = new Set<(peripheral: VirtualPeripheral) => void>();
  readonly #connected = new Map<string, () => void>();

  /** In range from now on; returns how to take it away, which cuts its connection. */
  place(peripheral: VirtualPeripheral): () => void {
    this.#peripherals.set(peripheral.address, peripheral);
    return () => {
      this.#peripherals.delete(peripheral.address);
      this.cut(peripheral.address);
    };
  }

  /** Every peripheral in range sends one advert; a connected one is silent, as most are. */
  advertise(): void {
    for (const peripheral of this.#peripherals.values()) {
      if (this.#connected.has(peripheral.address)) continue;
      for (const listener of this.#listeners) listener(peripheral);
    }
  }

  /** The link is lost, as when someone walks away with it. */
  cut(address: string): void {
    this.#connected.get(address)?.();
  }

  listen(listener: (peripheral: VirtualPeripheral) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** @throws CarportError BLE_NOT_FOUND, BLE_SLOT_TAKEN */
  connect(address: string, onCut: () => void): VirtualPeripheral {
    const peripheral = this.#peripherals.get(address);
    if (peripheral === undefined) throw new CarportError("BLE_NOT_FOUND", address);
    if (this.#connected.has(address)) throw new CarportError("BLE_SLOT_TAKEN", address);
    this.#connected.set(address, onCut);
    return peripheral;
  }

  release(address: string): void {
    this.#connected.delete(address);
  }
}

/** An adapter in a virtual air. */
export function virtualBle(air: VirtualAir, clock: Clock, slots = 1): BleAdapter {
  const queue = new ConnectionSlots(() => slots);
  return {
    name: "virtual",
    adverts: (signal) => {
      const newest = new NewestAdverts();
      const stop = air.listen((peripheral) => {
        newest.push({
          address: peripheral.address,
          rssi: -60,
          time: clock.now(),
          connectable: true,
          source: "virtual",
          ...peripheral.advert(),
        });
      });
      signal.addEventListener("abort", stop, { once: true });
      return newest.until(signal);
    },
    connected: (address, use, signal) =>
      queue.use(async () => {
        const connection = new VirtualConnection(air, address);
        try {
          return await use(connection);
        } finally {
          await connection.disconnect();
        }
      }, signal),
    close: async () => undefined,
  };
}

class VirtualConnection implements BleConnection {
  readonly address: string;
  readonly closed: Promise<void>;
  readonly #air: VirtualAir;
  readonly #peripheral: VirtualPeripheral;
  readonly #subscriptions = new Map<string, NotificationQueue>();
  readonly #ended = new AbortController();
  readonly #notify: Notify = (to, bytes) => this.#subscriptions.get(to)?.push(bytes);
  #end: () => void = () => undefined;

  constructor(air: VirtualAir, address: string) {
    this.address = address;
    this.#air = air;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#peripheral = air.connect(address, () => this.#close());
  }

  async characteristics(): Promise<readonly BleCharacteristic[]> {
    this.#check();
    return this.#peripheral.characteristics;
  }

  async read(): Promise<Uint8Array> {
    this.#check();
    return new Uint8Array();
  }

  async write({ uuid }: BleCharacteristic, data: Uint8Array): Promise<void> {
    this.#check();
    this.#peripheral.write(uuid, data, this.#notify);
  }

  async notifications({ uuid }: BleCharacteristic): Promise<AsyncIterable<Uint8Array>> {
    this.#check();
    const queue = this.#subscriptions.get(uuid) ?? new NotificationQueue();
    this.#subscriptions.set(uuid, queue);
    this.#peripheral.subscribed?.(uuid, this.#notify, this.#ended.signal);
    return queue.all();
  }

  async disconnect(): Promise<void> {
    this.#close();
  }

  #check(): void {
    if (this.#ended.signal.aborted) throw new CarportError("BLE_LOST", this.address);
  }

  #close(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#air.release(this.address);
    for (const queue of this.#subscriptions.values()) queue.close();
    this.#end();
  }
}
