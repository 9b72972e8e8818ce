import type { Batch } from "#domain/batch.ts";
import type { Clock } from "#domain/clock.ts";
import type { Device } from "#domain/device.ts";
import { type DeviceId, isDeviceId, isVehicleId, type VehicleId } from "#domain/ids.ts";
import type { Garage } from "#hub/garage.ts";
import type { Agenda } from "./agenda.ts";
import { DevicePublication } from "./device-publication.ts";
import { type Discovery, isPublished } from "./discovery.ts";
import type { Readings } from "./readings.ts";
import type { RetainedBoard } from "./retained-board.ts";
import type { SystemPublication } from "./system-publication.ts";
import type { Address, TopicTree } from "./topics.ts";
import { VehiclePublication } from "./vehicle-publication.ts";

const SUMMARY_EVERY_MS = 10_000;
const LAST_SEEN_EVERY_MS = 60_000;
const SYSTEM_AFTER_MS = 1_000;
/** A device that wakes up tells of its signals one after the other: Home Assistant is to hear of them together. */
const DISCOVERY_AFTER_MS = 2_000;
/** Home Assistant loses parts of an update that comes while it still works on the one before. */
const DISCOVERY_EVERY_MS = 10_000;

export interface MirrorOptions {
  readonly garage: Garage;
  readonly topics: TopicTree;
  readonly board: RetainedBoard;
  readonly discovery: Discovery;
  readonly agenda: Agenda;
  readonly clock: Clock;
  readonly readings: Readings;
  readonly system: SystemPublication;
  /** Called when something has gone whose topics may still stand at the broker. */
  readonly onRemoval: () => void;
}

/** Keeps the board as the garage is, connected or not. */
export class GarageMirror {
  readonly #options: MirrorOptions;
  readonly #devices = new Map<DeviceId, DevicePublication>();
  readonly #vehicles = new Map<VehicleId, VehiclePublication>();
  readonly #fresh = new Set<VehicleId>();
  #toldLastSeenAt = Number.NEGATIVE_INFINITY;
  #discoveredAt = Number.NEGATIVE_INFINITY;
  /** Of devices that are gone. */
  #suppressedBefore = 0;
  #invalidBefore = 0;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Samples that were not worth a message. */
  get suppressed(): number {
    return this.#sum(({ suppressed }) => suppressed) + this.#suppressedBefore;
  }

  /** Samples that were no numbers. */
  get invalid(): number {
    return this.#sum(({ invalid }) => invalid) + this.#invalidBefore;
  }

  /** Takes over the garage as it stands and follows it until the signal fires. */
  follow(signal: AbortSignal): void {
    const { garage } = this.#options;
    for (const device of garage.devices()) this.#onDevice(device);
    for (const { id } of garage.vehicles()) this.#onVehicle(id);
    const { bus } = garage;
    const ends: readonly (() => void)[] = [
      bus.subscribe("batch", ({ device, vehicle, batch }) => this.#onBatch(device, vehicle, batch)),
      bus.subscribe("device", ({ device }) => this.#onDevice(device)),
      bus.subscribe("device-removed", ({ device }) => this.#onDeviceRemoved(device)),
      bus.subscribe("vehicle", ({ vehicle }) => this.#onVehicle(vehicle.id)),
      bus.subscribe("vehicle-removed", ({ vehicle }) => this.#onVehicle(vehicle)),
    ];
    const end = () => {
      for (const unsubscribe of ends) unsubscribe();
    };
    signal.addEventListener("abort", end, { once: true });
  }

  /** Sends all there is, as after a connect: pages first, then what stands on them, exact, then that Carport is there. */
  announce(): void {
    const { board, discovery, topics } = this.#options;
    this.flush();
    this.#discover();
    board.resend(discovery.pages, topics.topic("status", {}));
  }

  /** Brings every value to the board exactly as it is. */
  flush(): void {
    const now = this.#options.clock.monotonic();
    for (const publication of this.#devices.values()) publication.flush(now);
    this.#showLastSeen();
    this.#summarise();
    this.#options.system.show();
  }

  /** Whether an address belongs to something that is there. */
  owns({ names }: Address): boolean {
    const { device, vehicle } = names;
    if (device !== undefined) return isDeviceId(device) && this.#devices.has(device);
    if (vehicle !== undefined) return isVehicleId(vehicle) && this.#vehicles.has(vehicle);
    return true;
  }

  /** The vehicle that a device is bound to; null when to none, undefined for an unknown device. */
  vehicleOf(device: string): VehicleId | null | undefined {
    const publication = isDeviceId(device) ? this.#devices.get(device) : undefined;
    return publication && (publication.vehicle ?? null);
  }

  #onBatch(id: DeviceId, vehicle: VehicleId | undefined, batch: Batch): void {
    const publication = this.#devices.get(id);
    // Measured on a vehicle it has left: that is not what its topics tell now.
    if (publication === undefined || publication.vehicle !== vehicle) return;
    const { agenda, clock } = this.#options;
    const now = clock.monotonic();
    const due = publication.take(batch, now);
    if (due !== Number.POSITIVE_INFINITY) agenda.soon(this.#report, due - now);
    this.#options.readings.note(id);
    agenda.soon(this.#tellLastSeen, Math.max(0, this.#toldLastSeenAt + LAST_SEEN_EVERY_MS - now));
    if (vehicle !== undefined) this.#summariseSoon(vehicle);
  }

  #onDevice(device: Device): void {
    const { topics, board, clock, garage } = this.#options;
    const { id } = device.record;
    if (!isPublished(device)) {
      this.#onDeviceRemoved(id);
      return;
    }
    const now = clock.monotonic();
    const known = this.#devices.get(id);
    const before = known?.vehicle;
    const publication = known ?? new DevicePublication(device, topics, board);
    if (known === undefined) {
      this.#devices.set(id, publication);
      publication.restore(garage.latest(id).values(), now);
    }
    publication.update(device, now);
    if (before !== undefined && before !== publication.vehicle) this.#onVehicle(before);
    if (publication.vehicle !== undefined) this.#onVehicle(publication.vehicle);
    this.#options.agenda.soon(this.#options.system.show, SYSTEM_AFTER_MS);
    this.discoverSoon();
  }

  #onDeviceRemoved(id: DeviceId): void {
    const publication = this.#devices.get(id);
    if (publication === undefined) return;
    this.#devices.delete(id);
    this.#options.readings.forget(id);
    this.#options.agenda.soon(this.#options.system.show, SYSTEM_AFTER_MS);
    this.#suppressedBefore += publication.suppressed;
    this.#invalidBefore += publication.invalid;
    this.#forget(({ names }) => names.device === id);
    if (publication.vehicle !== undefined) this.#onVehicle(publication.vehicle);
  }

  #onVehicle(id: VehicleId): void {
    const { garage, topics, board } = this.#options;
    const vehicle = garage.vehicle(id);
    const devices = [...this.#devices.values()].filter((publication) => publication.vehicle === id);
    if (vehicle === undefined || devices.length === 0) {
      if (this.#vehicles.delete(id)) this.#forget(({ names }) => names.vehicle === id);
    } else {
      const publication = new VehiclePublication(vehicle, devices, topics, board);
      this.#vehicles.set(id, publication);
      publication.showStatus();
      this.#summariseSoon(id);
    }
    this.discoverSoon();
  }

  /** Takes topics from the board; at the broker they are cleared when Home Assistant has had time to let go of them. */
  #forget(which: (address: Address) => boolean): void {
    const { board, topics, onRemoval } = this.#options;
    for (const topic of board.topics()) {
      const address = topics.parse(topic);
      if (address !== undefined && which(address)) board.forget(topic);
    }
    this.discoverSoon();
    onRemoval();
  }

  #summariseSoon(vehicle: VehicleId): void {
    this.#fresh.add(vehicle);
    this.#options.agenda.soon(this.#summarise, SUMMARY_EVERY_MS);
  }

  /** Brings Home Assistant's pages up to date, not more often than it can follow. */
  discoverSoon(): void {
    const { agenda, clock } = this.#options;
    const next = this.#discoveredAt + DISCOVERY_EVERY_MS - clock.monotonic();
    agenda.soon(this.#discover, Math.max(DISCOVERY_AFTER_MS, next));
  }

  readonly #discover = (): void => {
    const { agenda, clock, discovery } = this.#options;
    agenda.cancel(this.#discover);
    this.#discoveredAt = clock.monotonic();
    if (discovery.refresh()) this.discoverSoon();
  };

  readonly #report = (): void => {
    const { agenda, clock } = this.#options;
    const now = clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const publication of this.#devices.values()) next = Math.min(next, publication.due(now));
    if (next !== Number.POSITIVE_INFINITY) agenda.soon(this.#report, next - now);
  };

  readonly #tellLastSeen = (): void => {
    this.#toldLastSeenAt = this.#options.clock.monotonic();
    this.#showLastSeen();
  };

  #showLastSeen(): void {
    for (const publication of this.#devices.values()) publication.showLastSeen();
    for (const publication of this.#vehicles.values()) publication.showLastSeen();
  }

  readonly #summarise = (): void => {
    for (const id of this.#fresh) this.#vehicles.get(id)?.showSummary(this.#options.garage);
    this.#fresh.clear();
  };

  #sum(of: (publication: DevicePublication) => number): number {
    let sum = 0;
    for (const publication of this.#devices.values()) sum += of(publication);
    return sum;
  }
}
