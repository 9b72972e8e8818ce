import { existsSync } from "node:fs";
import { env } from "node:process";
import { type DBusError, Message } from "dbus-next";
// Its MessageBus ends the process when the bus denies the first call (AppArmor does), so it is not used.
import createConnection, { type DbusConnection } from "dbus-next/lib/connection.js";
import { CarportError } from "#domain/error.ts";

const SOCKET = "/var/run/dbus/system_bus_socket";
const CONNECT_MS = 5_000;
// D-Bus specification, message types.
const METHOD_RETURN = 2;
const ERROR = 3;
const SIGNAL = 4;

/** Time for the slowest of BlueZ's calls, which is connecting; who waits has limits of their own. */
const CALL_MS = 60_000;

export interface MethodCall {
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

export interface Signal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

/** What a call was answered with. */
export class DbusError extends Error {
  override readonly name = "DbusError";
  /** `org.bluez.Error.InProgress` */
  readonly type: string;

  constructor(type: DBusError["type"], text: string) {
    super(`${type}: ${text}`);
    this.type = type;
  }
}

/** A connection to the system's message bus. */
export class SystemBus {
  readonly closed: Promise<void>;
  readonly #connection: DbusConnection;
  readonly #pending = new Map<number, PromiseWithResolvers<readonly unknown[]>>();
  #onSignal: (signal: Signal) => void = () => undefined;
  #serial = 0;

  private constructor(connection: DbusConnection) {
    this.#connection = connection;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    const close = (): void => {
      closed.resolve();
      connection.stream.destroy();
      for (const { reject } of this.#pending.values()) reject(new CarportError("BLUEZ_MISSING", "D-Bus"));
      this.#pending.clear();
    };
    connection.on("error", close);
    connection.on("end", close);
    connection.stream.on("close", close);
    connection.on("message", (message: Message) => this.#receive(message));
  }

  /** @throws CarportError BLUEZ_MISSING when there is no bus or it denies Carport entry */
  static async connect(): Promise<SystemBus> {
    const busAddress = env["DBUS_SYSTEM_BUS_ADDRESS"] || `unix:path=${SOCKET}`;
    const path = /^unix:path=([^,;]+)$/.exec(busAddress)?.[1];
    if (path !== undefined && !existsSync(path)) throw new CarportError("BLUEZ_MISSING", path);
    const bus = new SystemBus(createConnection({ busAddress }));
    try {
      await bus.call({ ...daemon, member: "Hello" }, CONNECT_MS);
      return bus;
    } catch (cause) {
      bus.close();
      throw new CarportError("BLUEZ_MISSING", busAddress, { cause });
    }
  }

  /** Signals that match `rule` (D-Bus specification, match rules) go to the listener. */
  async subscribe(rules: readonly string[], listener: (signal: Signal) => void): Promise<void> {
    this.#onSignal = listener;
    for (const rule of rules) await this.call({ ...daemon, member: "AddMatch", signature: "s", body: [rule] });
  }

  /**
   * Calls a method, of BlueZ unless told otherwise.
   * @throws DbusError with BlueZ's answer; CarportError BLUEZ_MISSING when the bus is gone or silent
   */
  call(call: MethodCall, limitMs = CALL_MS): Promise<readonly unknown[]> {
    const serial = ++this.#serial;
    const pending = Promise.withResolvers<readonly unknown[]>();
    this.#pending.set(serial, pending);
    const late = setTimeout(() => pending.reject(new CarportError("BLUEZ_MISSING", call.member)), limitMs);
    try {
      const { body = [], ...rest } = call;
      this.#connection.message(new Message({ destination: "org.bluez", ...rest, body: [...body], serial }));
    } catch (cause) {
      pending.reject(new CarportError("BLUEZ_MISSING", "D-Bus", { cause }));
    }
    return pending.promise.finally(() => {
      clearTimeout(late);
      this.#pending.delete(serial);
    });
  }

  close(): void {
    this.#connection.stream.destroy();
  }

  #receive(message: Message): void {
    const type: number = message.type;
    if (type === SIGNAL) this.#onSignal(message);
    const pending = this.#pending.get(Number(message.replySerial));
    if (type === METHOD_RETURN) pending?.resolve(message.body);
    if (type === ERROR) pending?.reject(new DbusError(message.errorName, String(message.body[0] ?? "")));
  }
}

const daemon = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
} as const;
