/** What a Bluetooth LE device shouted, and who heard it. */
export interface BleAdvert {
  /** `50:54:7B:24:30:10`, upper case. */
  readonly address: string;
  readonly name: string | undefined;
  /** dBm. */
  readonly rssi: number;
  /** UTC ms of reception. */
  readonly time: number;
  /** Whether the hearer could connect: a passive proxy cannot. */
  readonly connectable: boolean;
  /** Adapter or proxy that heard it, for a person: `hci0`, `Garage proxy`. */
  readonly source: string;
  /** By Bluetooth company identifier. */
  readonly manufacturerData: ReadonlyMap<number, Uint8Array>;
  /** 128-bit form, lower case. */
  readonly serviceUuids: readonly string[];
}

/** A GATT characteristic of a connected device. UUIDs in 128-bit form, lower case. */
export interface BleCharacteristic {
  readonly service: string;
  readonly uuid: string;
  readonly properties: readonly ("read" | "write" | "write-without-response" | "notify" | "indicate")[];
}

/** An open connection. Every call has a time limit of its own and fails with a CarportError; none hangs. */
export interface BleConnection {
  readonly address: string;
  characteristics(): Promise<readonly BleCharacteristic[]>;
  read(characteristic: BleCharacteristic): Promise<Uint8Array>;
  write(characteristic: BleCharacteristic, data: Uint8Array): Promise<void>;
  /** Subscribed once this resolves; ends when the connection does. Bounded: what nobody fetches is dropped and counted. */
  notifications(characteristic: BleCharacteristic): Promise<AsyncIterable<Uint8Array>>;
  /** Resolves when the link is gone, for whatever reason. */
  readonly closed: Promise<void>;
  disconnect(): Promise<void>;
}

/**
 * A way to Bluetooth LE: through Home Assistant, BlueZ or an adapter of our own. Connections are few: one at a time by
 * default, in a fair queue, so that phone apps and other integrations keep their turn.
 */
export interface BleAdapter {
  readonly name: string;
  /** Adverts as they come; the newest of each sender survives a slow reader. Ends with the signal. */
  adverts(signal: AbortSignal): AsyncIterable<BleAdvert>;
  /**
   * Waits for its turn, connects, runs `use` and disconnects, whatever happens in between.
   * @throws CarportError BLE_NOT_FOUND, BLE_CONNECT_FAILED, BLE_LOST, BLE_TIMEOUT …
   */
  connected<Result>(
    address: string,
    use: (connection: BleConnection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  close(): Promise<void>;
}

/** `FFF3` → the 128-bit form with the Bluetooth base UUID (Core specification, Vol 3 Part B 2.5.1). */
export const shortUuid = (short: string): string => `0000${short.toLowerCase()}-0000-1000-8000-00805f9b34fb`;
