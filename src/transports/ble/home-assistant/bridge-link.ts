import { z } from "zod";
import type { BleCharacteristic } from "#domain/ble.ts";
import { CarportError, type ErrorCode } from "#domain/error.ts";
import type { GattLink } from "../radio.ts";
import { type CoreConnection, CoreError } from "./core-connection.ts";

/** The commands are described in docs/ble-bridge.md. */
const PROTOCOL = 1;
/** Seconds; less than Carport's own limit, so that Core's reason arrives. */
const CONNECT_SECONDS = 25;

const codes: Readonly<Record<string, ErrorCode>> = {
  unknown_command: "BLE_BRIDGE_MISSING",
  unauthorized: "HOME_ASSISTANT_TOKEN_REFUSED",
  unsupported_version: "BLE_BRIDGE_OUTDATED",
  not_found: "BLE_NOT_FOUND",
  no_slot: "BLE_NO_SLOT",
  connect_failed: "BLE_CONNECT_FAILED",
  unknown_connection: "BLE_LOST",
  lost: "BLE_LOST",
  timeout: "BLE_TIMEOUT",
  refused: "BLE_REFUSED",
};
const hex = z.hex().transform((text) => new Uint8Array(Buffer.from(text, "hex")));
const services = z.object({
  characteristics: z.array(
    z.object({
      handle: z.number().int(),
      service: z.string().toLowerCase(),
      uuid: z.string().toLowerCase(),
      properties: z.array(z.string()),
    }),
  ),
});
const value = z.object({ data: hex });
const event = z.discriminatedUnion("event", [
  z.object({ event: z.literal("connected"), connection: z.string() }),
  z.object({ event: z.literal("notification"), characteristic: z.number().int(), data: hex }),
  z.object({ event: z.literal("disconnected") }),
]);
const properties = ["read", "write", "write-without-response", "notify", "indicate"] as const;

/** A device that Home Assistant has connected for Carport, by one of its adapters or proxies. */
export class BridgeLink implements GattLink {
  readonly #core: CoreConnection;
  readonly #address: string;
  readonly #connection: string;
  readonly #end: () => void;
  readonly #handles = new Map<string, number>();
  readonly #subscribers: Map<number, (data: Uint8Array) => void>;

  private constructor(
    core: CoreConnection,
    address: string,
    connection: string,
    end: () => void,
    subscribers: Map<number, (data: Uint8Array) => void>,
  ) {
    this.#core = core;
    this.#address = address;
    this.#connection = connection;
    this.#end = end;
    this.#subscribers = subscribers;
  }

  /** @throws CarportError BLE_BRIDGE_MISSING, BLE_BRIDGE_OUTDATED, BLE_NOT_FOUND, BLE_NO_SLOT, BLE_CONNECT_FAILED … */
  static async connect(core: CoreConnection, address: string, lost: () => void): Promise<BridgeLink> {
    const connected = Promise.withResolvers<string>();
    const subscribers = new Map<number, (data: Uint8Array) => void>();
    const gone = (): void => {
      core.lost.removeEventListener("abort", gone);
      connected.reject(new CarportError("BLE_LOST", address));
      lost();
    };
    const onEvent = (message: unknown): void => {
      const { data } = event.safeParse(message);
      switch (data?.event) {
        case "connected":
          connected.resolve(data.connection);
          break;
        case "notification":
          subscribers.get(data.characteristic)?.(data.data);
          break;
        case "disconnected":
          gone();
          break;
        case undefined:
          break;
      }
    };
    core.lost.addEventListener("abort", gone);
    connected.promise.catch(() => undefined);
    try {
      await core.command({ type: "carport/ble/hello", version: PROTOCOL });
      const command = { type: "carport/ble/connect", address, timeout: CONNECT_SECONDS };
      const unsubscribe = await core.subscribe(command, onEvent);
      const end = (): void => {
        core.lost.removeEventListener("abort", gone);
        unsubscribe();
      };
      return new BridgeLink(core, address, await connected.promise, end, subscribers);
    } catch (error) {
      core.lost.removeEventListener("abort", gone);
      throw asCarportError(error, address);
    }
  }

  async discover(): Promise<readonly BleCharacteristic[]> {
    const { characteristics } = services.parse(await this.#command("services"));
    return characteristics.map(({ handle, ...found }) => {
      this.#handles.set(key(found), handle);
      return { ...found, properties: properties.filter((property) => found.properties.includes(property)) };
    });
  }

  async read(of: BleCharacteristic): Promise<Uint8Array> {
    return value.parse(await this.#command("read", { characteristic: this.#handle(of) })).data;
  }

  async write(to: BleCharacteristic, data: Uint8Array): Promise<void> {
    const response = to.properties.includes("write");
    const hexData = Buffer.from(data).toString("hex");
    await this.#command("write", { characteristic: this.#handle(to), data: hexData, response });
  }

  async subscribe(to: BleCharacteristic, notify: (data: Uint8Array) => void): Promise<void> {
    const characteristic = this.#handle(to);
    this.#subscribers.set(characteristic, notify);
    await this.#command("notify", { characteristic, enable: true });
  }

  async disconnect(): Promise<void> {
    try {
      await this.#command("disconnect");
    } finally {
      this.#end();
    }
  }

  async #command(name: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    try {
      return await this.#core.command({ type: `carport/ble/${name}`, connection: this.#connection, ...fields });
    } catch (error) {
      throw asCarportError(error, this.#address);
    }
  }

  #handle(of: BleCharacteristic): number {
    const handle = this.#handles.get(key(of));
    if (handle === undefined) throw new CarportError("BLE_REFUSED", of.uuid);
    return handle;
  }
}

function asCarportError(error: unknown, address: string): unknown {
  if (!(error instanceof CoreError)) return error;
  return new CarportError(codes[error.code] ?? "BLE_REFUSED", address, { cause: error });
}

const key = ({ service, uuid }: Pick<BleCharacteristic, "service" | "uuid">): string => `${service} ${uuid}`;
