import type { BleAdvert, BleCharacteristic } from "#domain/ble.ts";

/** What one way to Bluetooth LE must be able to do; turns, limits and sharing are the same for all (`shared-adapter.ts`). */
export interface BleRadio {
  readonly name: string;
  /**
   * Hears until the signal fires. One at a time.
   * @throws CarportError when there is nothing to hear with, or no longer
   */
  scan(heard: (advert: BleAdvert) => void, signal: AbortSignal): Promise<void>;
  /**
   * Gives up and leaves nothing behind when the signal fires.
   * @param lost to be called once when the link is gone
   */
  connect(address: string, lost: () => void, signal: AbortSignal): Promise<GattLink>;
  close(): Promise<void>;
}

/** A link to one device. Its calls may hang or fail in any way: `LimitedConnection` stands before it. */
export interface GattLink {
  discover(): Promise<readonly BleCharacteristic[]>;
  read(characteristic: BleCharacteristic): Promise<Uint8Array>;
  write(characteristic: BleCharacteristic, data: Uint8Array): Promise<void>;
  subscribe(characteristic: BleCharacteristic, notify: (data: Uint8Array) => void): Promise<void>;
  disconnect(): Promise<void>;
}
