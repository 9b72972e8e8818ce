import { Variant } from "dbus-next";
import { z } from "zod";
import { CarportError } from "#domain/error.ts";
import { type Signal, SystemBus } from "./system-bus.ts";

const kept = ["Adapter1", "Device1", "GattService1", "GattCharacteristic1"] as const;
/** Interfaces of BlueZ that Carport looks at, without the `org.bluez.` before them. */
export type BluezInterface = (typeof kept)[number];
export type Properties = ReadonlyMap<string, unknown>;
/** An object has changed; `changed` is undefined when it is gone. */
type Listener = (path: string, of: BluezInterface, changed: ReadonlySet<string> | undefined) => void;

const BLUEZ = "org.bluez";
const variants = z.record(
  z.string(),
  z.instanceof(Variant).transform(({ value }): unknown => value),
);
const interfaces = z.record(z.string(), variants);
const managed = z.tuple([z.record(z.string(), interfaces)]);
const added = z.tuple([z.string(), interfaces]);
const removed = z.tuple([z.string(), z.array(z.string())]);
const propertiesChanged = z.tuple([z.string(), variants, z.array(z.string())]);
const ownerChanged = z.tuple([z.string(), z.string(), z.string()]);

const rules = [
  "type='signal',sender='org.bluez',interface='org.freedesktop.DBus.ObjectManager'",
  "type='signal',sender='org.bluez',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
  "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.bluez'",
];

/** BlueZ's objects as it tells of them: adapters, devices, services, characteristics. As many as BlueZ keeps itself. */
export class BluezObjects {
  readonly bus: SystemBus;
  /** Fires when BlueZ has ended or restarted, or the bus is gone: nothing here is true any longer. */
  readonly gone: AbortSignal;
  readonly #gone = new AbortController();
  readonly #objects = new Map<string, Map<BluezInterface, Map<string, unknown>>>();
  readonly #listeners = new Set<Listener>();

  private constructor(bus: SystemBus) {
    this.bus = bus;
    this.gone = this.#gone.signal;
    void bus.closed.then(() => this.#gone.abort());
  }

  /** @throws CarportError BLUEZ_MISSING */
  static async open(): Promise<BluezObjects> {
    const objects = new BluezObjects(await SystemBus.connect());
    try {
      await objects.#load();
      return objects;
    } catch (cause) {
      objects.close();
      throw new CarportError("BLUEZ_MISSING", "bluetoothd", { cause });
    }
  }

  get(path: string, of: BluezInterface): Properties | undefined {
    return this.#objects.get(path)?.get(of);
  }

  /** Those with the interface whose path begins so. */
  *below(prefix: string, of: BluezInterface): Generator<readonly [path: string, properties: Properties]> {
    for (const [path, held] of this.#objects) {
      const properties = path.startsWith(prefix) ? held.get(of) : undefined;
      if (properties !== undefined) yield [path, properties];
    }
  }

  /** Returns how to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Resolves with the first answer of `ask` other than undefined: it is asked now and after every change.
   * @throws CarportError BLUEZ_MISSING when BlueZ ends meanwhile; the signal's reason
   */
  async until<Answer>(ask: () => Answer | undefined, signal: AbortSignal): Promise<Answer> {
    const found = Promise.withResolvers<Answer>();
    const look = (): void => {
      try {
        const answer = ask();
        if (answer !== undefined) found.resolve(answer);
      } catch (error) {
        found.reject(error);
      }
    };
    const stop = this.listen(look);
    const abort = (): void => found.reject(signal.reason);
    const end = (): void => found.reject(new CarportError("BLUEZ_MISSING", "bluetoothd"));
    signal.addEventListener("abort", abort);
    this.gone.addEventListener("abort", end);
    try {
      if (signal.aborted) abort();
      if (this.gone.aborted) end();
      look();
      return await found.promise;
    } finally {
      stop();
      signal.removeEventListener("abort", abort);
      this.gone.removeEventListener("abort", end);
    }
  }

  /** Asks for an object's properties as they are now: BlueZ does not tell of each change of a device it has just met. */
  async refresh(path: string, of: BluezInterface): Promise<void> {
    const answer = await this.bus.call({
      path,
      interface: "org.freedesktop.DBus.Properties",
      member: "GetAll",
      signature: "s",
      body: [`${BLUEZ}.${of}`],
    });
    this.#change(path, `${BLUEZ}.${of}`, variants.parse(answer[0]), []);
  }

  close(): void {
    this.bus.close();
    this.#gone.abort();
  }

  async #load(): Promise<void> {
    await this.bus.subscribe(rules, (signal) => this.#follow(signal));
    const answer = await this.bus.call({
      path: "/",
      interface: "org.freedesktop.DBus.ObjectManager",
      member: "GetManagedObjects",
    });
    for (const [path, held] of Object.entries(managed.parse(answer)[0])) this.#add(path, held);
  }

  #follow({ member, path, body }: Signal): void {
    switch (member) {
      case "InterfacesAdded": {
        const { data } = added.safeParse(body);
        if (data !== undefined) this.#add(...data);
        break;
      }
      case "InterfacesRemoved": {
        const { data } = removed.safeParse(body);
        if (data !== undefined) this.#remove(...data);
        break;
      }
      case "PropertiesChanged": {
        const { data } = propertiesChanged.safeParse(body);
        if (data !== undefined) this.#change(path, ...data);
        break;
      }
      case "NameOwnerChanged":
        if (ownerChanged.safeParse(body).data?.[0] === BLUEZ) this.close();
        break;
    }
  }

  #add(path: string, held: z.infer<typeof interfaces>): void {
    const object = this.#objects.get(path) ?? new Map<BluezInterface, Map<string, unknown>>();
    for (const of of kept) {
      const properties = held[`${BLUEZ}.${of}`];
      if (properties === undefined) continue;
      object.set(of, new Map(Object.entries(properties)));
      this.#objects.set(path, object);
      this.#tell(path, of, new Set(Object.keys(properties)));
    }
  }

  #remove(path: string, gone: readonly string[]): void {
    const object = this.#objects.get(path);
    if (object === undefined) return;
    for (const of of kept) {
      if (gone.includes(`${BLUEZ}.${of}`) && object.delete(of)) this.#tell(path, of, undefined);
    }
    if (object.size === 0) this.#objects.delete(path);
  }

  #change(
    path: string,
    name: string,
    changed: Readonly<Record<string, unknown>>,
    invalidated: readonly string[],
  ): void {
    const of = kept.find((each) => name === `${BLUEZ}.${each}`);
    const properties = of && this.#objects.get(path)?.get(of);
    if (of === undefined || properties === undefined) return;
    for (const [key, value] of Object.entries(changed)) properties.set(key, value);
    for (const key of invalidated) properties.delete(key);
    this.#tell(path, of, new Set([...Object.keys(changed), ...invalidated]));
  }

  #tell(path: string, of: BluezInterface, changed: ReadonlySet<string> | undefined): void {
    for (const listener of this.#listeners) listener(path, of, changed);
  }
}
