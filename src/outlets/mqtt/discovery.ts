import { z } from "zod";
import type { Device } from "#domain/device.ts";
import { isDeviceId, isVehicleId } from "#domain/ids.ts";
import type { Garage } from "#hub/garage.ts";
import {
  type Component,
  type DiscoveryPayload,
  deviceDiscovery,
  deviceOfComponent,
  ORIGIN,
  type Removal,
  signalsOf,
  vehicleDiscovery,
} from "./discovery-payload.ts";
import { json } from "./json.ts";
import type { RetainedBoard } from "./retained-board.ts";
import type { TopicTree } from "./topics.ts";

/** What a retained discovery payload must have to be one of ours. */
const ownPayload = z.object({
  origin: z.object({ name: z.literal(ORIGIN) }),
  components: z.record(z.string(), z.object({ platform: z.enum(["sensor", "binary_sensor"]) }).loose()),
});

type Platforms = ReadonlyMap<string, Component["platform"]>;

/** Found by Carport and not yet taken in by the owner: nobody else's business. */
export const isPublished = (device: Device): boolean => device.status.state !== "discovered";

/**
 * Keeps Home Assistant's pages as the garage is. A component that is no more is sent reduced to its platform, which
 * removes it, and left out the next time; leaving it out alone would leave it there (Home Assistant, MQTT discovery).
 */
export class Discovery {
  readonly #garage: Garage;
  readonly #topics: TopicTree;
  readonly #board: RetainedBoard;
  readonly #version: string;
  /** What Home Assistant may know, by discovery topic: everything shown or found that it was not yet told to forget. */
  readonly #known = new Map<string, Platforms>();
  #pages: readonly string[] = [];

  constructor(garage: Garage, topics: TopicTree, board: RetainedBoard, version: string) {
    this.#garage = garage;
    this.#topics = topics;
    this.#board = board;
    this.#version = version;
  }

  /** Topics of the pages that are to be, vehicles first: what goes `via_device` needs its target. */
  get pages(): readonly string[] {
    return this.#pages;
  }

  /** Brings the board up to date. True when it must be called again to complete a removal. */
  refresh(): boolean {
    const pages = this.#current();
    this.#pages = [...pages.keys()];
    for (const topic of this.#known.keys()) {
      if (pages.has(topic)) continue;
      this.#board.clear(topic);
      this.#known.delete(topic);
    }
    let again = false;
    for (const [topic, payload] of pages) if (this.#show(topic, payload)) again = true;
    return again;
  }

  /**
   * Takes notice of a payload that was at the broker already. What of it no longer belongs goes with the next refresh.
   * A component whose device is still there but has not told of its signal yet stays: it may be asleep. False when the
   * payload is not one of Carport's.
   */
  adopt(topic: string, text: string): boolean {
    const page = this.#topics.parseDiscovery(topic);
    const payload = ownPayload.safeParse(json(text)).data;
    if (page === undefined || payload === undefined) return false;
    const gone = Object.entries(payload.components).filter(([key]) => !this.#mayReturn(page, key));
    const known = new Map(this.#known.get(topic));
    for (const [key, { platform }] of gone) if (!known.has(key)) known.set(key, platform);
    this.#known.set(topic, known);
    return true;
  }

  #current(): ReadonlyMap<string, DiscoveryPayload> {
    const context = { topics: this.#topics, version: this.#version };
    const devices = this.#garage.devices().filter(isPublished);
    const pages = new Map<string, DiscoveryPayload>();
    for (const vehicle of this.#garage.vehicles()) {
      const bound = devices.filter((device) => device.record.vehicle === vehicle.id);
      if (bound.length === 0) continue;
      const id = this.#topics.discoveryId("vehicle", vehicle.id);
      pages.set(this.#topics.discovery(id), vehicleDiscovery(vehicle, bound, context));
    }
    for (const device of devices) {
      const id = this.#topics.discoveryId("device", device.record.id);
      pages.set(this.#topics.discovery(id), deviceDiscovery(device, context));
    }
    return pages;
  }

  #show(topic: string, payload: DiscoveryPayload): boolean {
    const known = this.#known.get(topic) ?? new Map<string, Component["platform"]>();
    const components: Record<string, Component | Removal> = { ...payload.components };
    const removed: [string, Component["platform"]][] = [];
    for (const [key, platform] of known) {
      if (payload.components[key]?.platform === platform) continue;
      components[key] = { platform };
      removed.push([key, platform]);
    }
    const text = JSON.stringify({ ...payload, components });
    const told = this.#board.get(topic) === text && this.#board.delivered(topic);
    const current = Object.entries(payload.components).map(([key, { platform }]) => [key, platform] as const);
    if (removed.length === 0 || told) {
      this.#known.set(topic, new Map(current));
      this.#board.show({ topic, payload: JSON.stringify(payload), qos: 1 });
      return false;
    }
    this.#known.set(topic, new Map([...current, ...removed]));
    this.#board.show({ topic, payload: text, qos: 1 });
    return true;
  }

  /** Whether a component at the broker belongs to a device that is still there and whose signal is only not known yet. */
  #mayReturn(page: { readonly subject: "vehicle" | "device"; readonly id: string }, key: string): boolean {
    if (key === "state" || key === "last_seen") return true;
    const id = page.subject === "device" ? page.id : deviceOfComponent(key);
    const device = id !== undefined && isDeviceId(id) ? this.#garage.device(id) : undefined;
    if (device === undefined || !isPublished(device)) return false;
    if (page.subject === "vehicle" && !(isVehicleId(page.id) && device.record.vehicle === page.id)) return false;
    const signal = key.slice(key.lastIndexOf("-") + 1);
    const known = device.status.signals.find((candidate) => candidate.key === signal);
    return known === undefined || signalsOf(device, page.subject).includes(known);
  }
}
