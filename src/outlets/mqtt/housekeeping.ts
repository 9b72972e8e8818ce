import { z } from "zod";
import type { Agenda } from "./agenda.ts";
import type { GarageMirror } from "./garage-mirror.ts";
import { json } from "./json.ts";
import type { RetainedBoard } from "./retained-board.ts";
import { UNKNOWN } from "./signal-text.ts";
import type { Address, TopicTree } from "./topics.ts";

/** Home Assistant is to have let go of the entities first: an emptied topic is no state it knows. */
const CLEAR_AFTER_MS = 15_000;
/** More topics than any household has; what is beyond waits for the next sweep. */
const MOST_FOUND = 50_000;

const deviceInfo = z.object({ vehicle: z.string().nullable() });

/**
 * Puts in order what earlier runs left at the broker: topics of what was removed while Carport was off or the broker
 * away are emptied, and values that a device measured on another vehicle become unknown.
 */
export class Housekeeping {
  readonly #topics: TopicTree;
  readonly #board: RetainedBoard;
  readonly #mirror: GarageMirror;
  readonly #agenda: Agenda;
  readonly #found = new Map<string, Address>();
  /** Devices, with the vehicle they were bound to when the topics were written. */
  readonly #vehicleThen = new Map<string, string | null>();
  readonly #stale = new Set<string>();

  constructor(topics: TopicTree, board: RetainedBoard, mirror: GarageMirror, agenda: Agenda) {
    this.#topics = topics;
    this.#board = board;
    this.#mirror = mirror;
    this.#agenda = agenda;
  }

  /** Notes a retained topic. False when it is none of the contract's. */
  note(topic: string, payload: string): boolean {
    const address = this.#topics.parse(topic);
    if (address === undefined) return false;
    if (this.#found.size < MOST_FOUND) this.#found.set(topic, address);
    const { device } = address.names;
    if (address.path === "device/<device>/info" && device !== undefined) {
      const info = deviceInfo.safeParse(json(payload));
      if (info.success) this.#vehicleThen.set(device, info.data.vehicle);
    }
    return true;
  }

  /** Acts on what was noted. */
  conclude(): void {
    for (const [topic, address] of this.#found) {
      if (!this.#mirror.owns(address)) this.#stale.add(topic);
      else if (this.#measuredElsewhere(topic, address)) this.#board.show({ topic, payload: UNKNOWN, qos: 0 });
    }
    this.#found.clear();
    this.#vehicleThen.clear();
    if (this.#stale.size > 0) this.#agenda.soon(this.#clear, CLEAR_AFTER_MS);
  }

  #measuredElsewhere(topic: string, { path, names: { device } }: Address): boolean {
    if (path !== "device/<device>/signal/<signal>" || device === undefined) return false;
    const then = this.#vehicleThen.get(device);
    return then !== undefined && then !== this.#mirror.vehicleOf(device) && this.#board.get(topic) === undefined;
  }

  readonly #clear = (): void => {
    for (const topic of this.#stale) {
      const address = this.#topics.parse(topic);
      if (address !== undefined && !this.#mirror.owns(address)) this.#board.clear(topic);
    }
    this.#stale.clear();
  };
}
