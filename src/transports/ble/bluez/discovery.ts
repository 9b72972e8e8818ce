import { Variant } from "dbus-next";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { BluezObjects } from "./bluez-objects.ts";
import { retried } from "./retried.ts";

// Without DuplicateData BlueZ tells of an advert once, and mixes the manufacturer data of later ones into it.
const filter = { Transport: new Variant("s", "le"), DuplicateData: new Variant("b", true) };

/** The adapter's discovery within one life of BlueZ, which allows each of its clients one: ours is shared and counted. */
export class Discovery {
  readonly objects: BluezObjects;
  readonly #wanted: string | undefined;
  readonly #clock: Clock;
  #users = 0;

  /** @param wanted `hci0`; without it, the first that is switched on */
  constructor(objects: BluezObjects, wanted: string | undefined, clock: Clock) {
    this.objects = objects;
    this.#wanted = wanted;
    this.#clock = clock;
  }

  /** Object path of the adapter. @throws CarportError BLE_ADAPTER_MISSING, BLE_ADAPTER_OFF */
  get adapter(): string {
    let off = false;
    for (const [path, properties] of this.objects.below("/org/bluez/", "Adapter1")) {
      if (this.#wanted !== undefined && path !== `/org/bluez/${this.#wanted}`) continue;
      if (properties.get("Powered") === true) return path;
      off = true;
    }
    throw new CarportError(off ? "BLE_ADAPTER_OFF" : "BLE_ADAPTER_MISSING", this.#wanted ?? "bluez");
  }

  /** Runs `use` while the adapter discovers. */
  async during<Result>(use: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { adapter } = this;
    const call = (member: string, signature = "", body: readonly unknown[] = []) =>
      this.objects.bus.call({ path: adapter, interface: "org.bluez.Adapter1", member, signature, body });
    this.#users++;
    try {
      if (this.#users === 1) {
        await call("SetDiscoveryFilter", "a{sv}", [filter]);
        await retried(this.#clock, adapter, () => call("StartDiscovery"), signal);
      }
      return await use();
    } finally {
      if (--this.#users === 0 && !this.objects.gone.aborted) void call("StopDiscovery").catch(() => undefined);
    }
  }
}
