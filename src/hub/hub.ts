import { isDeepStrictEqual } from "node:util";
import type { DeviceKind, DeviceServices, Discovery } from "#devices/device-kind.ts";
import type { Batch } from "#domain/batch.ts";
import type { Clock } from "#domain/clock.ts";
import type { Device, DeviceRecord, FoundDevice } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import type { DeviceId, SignalKey, VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import { Bus } from "./bus.ts";
import { adoptFound, ignoreFound, isConfigured, keepFound } from "./found-edits.ts";
import type { GarageOwner, Latest } from "./garage.ts";
import * as edits from "./garage-edits.ts";
import { LiveDevice, type Remembered } from "./live-device.ts";
import { Search, type SearchStatus } from "./search.ts";
import type { GarageRaw, Settings } from "./settings/settings.ts";
import { supervise } from "./supervisor.ts";

export interface HubOptions {
  /** Loaded. */
  readonly settings: Settings;
  readonly kinds: ReadonlyMap<string, DeviceKind>;
  /** Passed on to the devices. */
  readonly services: DeviceServices;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for the pauses between attempts. */
  readonly random?: () => number;
}

interface Entry {
  readonly live: LiveDevice;
  /** Fires when it is to be closed. */
  closing: AbortController;
}

/**
 * The vehicles and devices of the settings, alive: opens and supervises each device, keeps what is true of it now and tells
 * the bus. Settings are the one way in: edits change them, and what comes into force there is applied here.
 */
export class Hub implements GarageOwner {
  readonly bus: Bus;
  readonly #options: HubOptions;
  readonly #entries = new Map<DeviceId, Entry>();
  /** Fulfilled when the device is closed: it is opened anew only then. Holds removed ones until they are. */
  readonly #closed = new Map<DeviceId, Promise<void>>();
  #vehicles: ReadonlyMap<VehicleId, Vehicle> = new Map();
  readonly #search: Search;
  readonly #stopping = new AbortController();
  #running = false;
  #unsubscribe: (() => void) | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
    this.bus = new Bus(options.log);
    this.#search = new Search({
      kinds: [...options.kinds.values()],
      services: options.services,
      clock: options.clock,
      log: options.log,
      settings: () => options.settings.system.discovery,
      keep: (kind, discoveries) => this.#keep(kind, discoveries),
    });
  }

  vehicles(): readonly Vehicle[] {
    return [...this.#vehicles.values()];
  }

  vehicle(id: VehicleId): Vehicle | undefined {
    return this.#vehicles.get(id);
  }

  devices(): readonly Device[] {
    return [...this.#entries.values()].map(({ live }) => live.device);
  }

  device(id: DeviceId): Device | undefined {
    return this.#entries.get(id)?.live.device;
  }

  latest(id: DeviceId): ReadonlyMap<SignalKey, Latest> {
    return this.#entries.get(id)?.live.latest ?? new Map();
  }

  found(): readonly FoundDevice[] {
    const { garage, found } = this.#options.settings;
    return found.filter((device) => !isConfigured(garage, device));
  }

  get searching(): SearchStatus {
    return this.#search.status;
  }

  /** Takes up the vehicles and devices of the settings with what is remembered of them, without opening any. */
  prepare(remembered: Iterable<Remembered> = []): void {
    this.#apply();
    for (const channel of remembered) this.#entries.get(channel.device)?.live.restore(channel);
    this.#unsubscribe = this.#options.settings.subscribe(() => {
      this.#apply();
      this.#search.reconsider();
    });
  }

  /** Opens all enabled devices, once outlets have subscribed to the bus, and looks for further ones. */
  start(): void {
    this.#running = true;
    for (const entry of this.#entries.values()) this.#open(entry);
    void this.#search.run(this.#stopping.signal);
  }

  /** Closes all devices; those that do not let go within the grace time are left behind. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopping.abort();
    this.#unsubscribe?.();
    for (const { closing } of this.#entries.values()) closing.abort();
    await Promise.all(this.#closed.values());
  }

  /** Takes in samples that were computed from a device's own: they become signals of it. An unknown device has none. */
  derive(id: DeviceId, batch: Batch): void {
    const live = this.#entries.get(id)?.live;
    if (live === undefined) return;
    if (live.derive(batch)) this.bus.publish("device", { device: live.device });
    this.bus.publish("batch", { device: id, vehicle: live.record.vehicle, batch });
  }

  /** This and the other edits resolve when the change is saved and in force; they throw as `Settings.edit` does. */
  addVehicle(draft: edits.VehicleDraft): Promise<VehicleId> {
    return this.#edit((garage) => edits.addVehicle(garage, draft));
  }

  /** Throws VEHICLE_UNKNOWN. */
  updateVehicle(id: VehicleId, change: Parameters<typeof edits.updateVehicle>[2]): Promise<VehicleId> {
    return this.#edit((garage) => edits.updateVehicle(garage, id, change));
  }

  /** Throws VEHICLE_UNKNOWN, and VEHICLE_IN_USE while a device is in it. */
  removeVehicle(id: VehicleId): Promise<VehicleId> {
    return this.#edit((garage) => edits.removeVehicle(garage, id));
  }

  mergeVehicles(id: VehicleId, into: VehicleId): Promise<VehicleId> {
    return this.#edit((garage) => edits.mergeVehicles(garage, id, into));
  }

  addDevice(draft: edits.DeviceDraft): Promise<DeviceId> {
    return this.#edit((garage) => edits.addDevice(garage, draft));
  }

  /** Throws DEVICE_UNKNOWN. A new `vehicle` rebinds it: what it measures from then on belongs there. */
  updateDevice(id: DeviceId, change: Parameters<typeof edits.updateDevice>[2]): Promise<DeviceId> {
    return this.#edit((garage) => edits.updateDevice(garage, id, change));
  }

  /** Throws DEVICE_UNKNOWN. */
  removeDevice(id: DeviceId): Promise<DeviceId> {
    return this.#edit((garage) => edits.removeDevice(garage, id));
  }

  adopt(id: DeviceId, draft: Parameters<typeof adoptFound>[2] = {}): Promise<DeviceId> {
    return this.#edit((garage) => adoptFound(garage, id, draft));
  }

  ignore(id: DeviceId, ignored: boolean): Promise<DeviceId> {
    return this.#edit((garage) => ignoreFound(garage, id, ignored));
  }

  search(): Promise<void> {
    return this.#search.now(this.#stopping.signal);
  }

  reconnect(id: DeviceId): void {
    const entry = this.#entries.get(id);
    if (!entry) throw new CarportError("DEVICE_UNKNOWN", id);
    this.#close(entry);
    this.bus.publish("device", { device: entry.live.device });
    if (this.#running) this.#open(entry);
  }

  async #keep(kind: string, discoveries: readonly Discovery[]): Promise<void> {
    const { settings, clock } = this.#options;
    const foundAt = new Date(clock.now()).toISOString();
    const found = discoveries.map((discovery) => ({ ...discovery, kind, foundAt, ignored: false }));
    const before = new Set(settings.found.map(({ id }) => id));
    // What is known already must not cost a write to the card.
    const garage = settings.garage;
    if (keepFound(garage, found) === garage) return;
    await settings.edit((now) => keepFound(now, found));
    for (const device of settings.found) if (!before.has(device.id)) this.bus.publish("found", { device });
  }

  async #edit<Id>(edit: (garage: GarageRaw) => { readonly garage: GarageRaw; readonly id: Id }): Promise<Id> {
    let made: { readonly id: Id } | undefined;
    await this.#options.settings.edit((garage) => {
      const edited = edit(garage);
      made = edited;
      return edited.garage;
    });
    if (!made) throw new TypeError("the edit did not run");
    return made.id;
  }

  /** Makes what is alive equal to the settings, touching nothing that has not changed. */
  #apply(): void {
    const { settings, log } = this.#options;
    const before = this.#vehicles;
    this.#vehicles = new Map(settings.vehicles.map((vehicle) => [vehicle.id, vehicle]));
    for (const vehicle of settings.vehicles) {
      if (!isDeepStrictEqual(vehicle, before.get(vehicle.id))) this.bus.publish("vehicle", { vehicle });
    }

    const records = new Map(settings.devices.map((record) => [record.id, record]));
    for (const id of this.#entries.keys()) if (!records.has(id)) this.#remove(id);
    for (const record of records.values()) this.#applyDevice(record);

    for (const vehicle of before.keys()) {
      if (!this.#vehicles.has(vehicle)) this.bus.publish("vehicle-removed", { vehicle });
    }
    if (settings.devices.some(({ vehicle }) => vehicle === undefined)) {
      settings.edit(edits.adoptStrays).catch((error: unknown) => log.error("a device has no vehicle", { error }));
    }
  }

  #applyDevice(record: DeviceRecord): void {
    const entry = this.#entries.get(record.id);
    if (!entry || entry.live.record.kind !== record.kind) {
      entry?.closing.abort();
      const live = new LiveDevice(record, this.#options.clock);
      const added = { live, closing: new AbortController() };
      this.#entries.set(record.id, added);
      this.bus.publish("device", { device: live.device });
      if (this.#running) this.#open(added);
      return;
    }
    const { live } = entry;
    const previous = live.record;
    if (isDeepStrictEqual(record, previous)) return;
    live.setRecord(record);
    const reopen =
      record.enabled !== previous.enabled ||
      !isDeepStrictEqual([record.settings, record.reconnect], [previous.settings, previous.reconnect]);
    if (reopen) this.#close(entry);
    this.bus.publish("device", { device: live.device });
    if (reopen && this.#running) this.#open(entry);
  }

  #remove(id: DeviceId): void {
    this.#entries.get(id)?.closing.abort();
    this.#entries.delete(id);
    this.bus.publish("device-removed", { device: id });
  }

  #close(entry: Entry): void {
    entry.closing.abort();
    entry.closing = new AbortController();
    entry.live.setState("configured");
  }

  #open(entry: Entry): void {
    const { kinds, services, clock, log, random } = this.#options;
    const { live, closing } = entry;
    const { id, enabled, kind: name } = live.record;
    const kind = kinds.get(name);
    if (!enabled || !kind) return;
    const current = () => this.#entries.get(id)?.live === live && !closing.signal.aborted;
    const publish = () => {
      if (current()) this.bus.publish("device", { device: live.device });
    };
    const before = this.#closed.get(id) ?? Promise.resolve();
    const closed = before
      .then(() =>
        supervise({
          kind,
          live,
          services,
          clock,
          log: log.child(id),
          random,
          signal: closing.signal,
          onChange: publish,
          onOutput: (output, changed) => {
            // Signals are made known before their first values.
            if (changed) publish();
            if (output.type !== "batch" || !current()) return;
            this.bus.publish("batch", { device: id, vehicle: live.record.vehicle, batch: output.batch });
          },
        }),
      )
      .finally(() => {
        if (this.#closed.get(id) === closed) this.#closed.delete(id);
      });
    this.#closed.set(id, closed);
  }
}
