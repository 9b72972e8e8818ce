import type { DeviceState } from "#domain/device.ts";
import type { VehicleKind } from "#domain/vehicle.ts";

/** Carport's own: does the program live? A device's: do Carport and the link to the device live? Not: is the car awake. */
export type Availability = "online" | "offline";

/** Why a device is `disconnected` or in `error`; all absent while it is neither. Attributes of its state in Home Assistant. */
export interface FaultPayload {
  readonly code?: string;
  readonly message?: string;
  readonly next_step?: string;
}

export interface DeviceInfoPayload {
  readonly name: string;
  readonly kind: string;
  readonly vehicle: string | null;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly software_version?: string;
}

export interface VehicleInfoPayload {
  readonly name: string;
  readonly kind: VehicleKind;
  readonly manufacturer?: string;
  readonly model?: string;
  /** Ids of the devices whose signals describe it. */
  readonly devices: readonly string[];
}

export interface SummaryValue {
  /** Null: the source says nothing usable. */
  readonly value: number | boolean | string | null;
  readonly unit?: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly device: string;
}

/** By signal; where two devices of a vehicle know the same signal, the newer value. */
export type SummaryPayload = Readonly<Record<string, SummaryValue>>;

/** A device's state with all that belongs to it, for those who want one topic. */
export interface DeviceStatusPayload {
  readonly state: DeviceState;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly fault?: Required<FaultPayload>;
}

/** What a device says now: the newest value of each signal worth a place on a dashboard. */
export interface ReadingPayload {
  /** Of the newest value; ISO 8601, UTC. */
  readonly time: string;
  readonly vehicle: string | null;
  readonly values: Readonly<Record<string, number | boolean | string | null>>;
}

export interface SystemStatusPayload {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly vehicles: number;
  readonly devices: number;
  /** How many devices are in each state. */
  readonly states: Readonly<Partial<Record<DeviceState, number>>>;
}

export interface FoundPayload {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** What was seen, for a person. */
  readonly evidence: string;
  /** ISO 8601, UTC. */
  readonly found_at: string;
}

export interface CommandPayload {
  /** `reconnect`, `enable` or `disable`. */
  readonly command: string;
  /** The sender's own mark: it comes back in the answer, and a command is done once per mark. */
  readonly id?: string | undefined;
}

export interface ResponsePayload extends CommandPayload {
  readonly ok: boolean;
  readonly error?: Required<FaultPayload>;
}

/**
 * The contract with every reader of the broker: what stands on which topic below the prefix. `docs/mqtt.md` says the
 * same in words. Strings are sent as they are, objects as JSON. All but those of `passing` are retained.
 */
export interface Payloads {
  readonly status: Availability;
  /** Which running Carport owns the prefix. */
  readonly instance: string;
  readonly "device/<device>/availability": Availability;
  readonly "device/<device>/state": DeviceState;
  readonly "device/<device>/status": DeviceStatusPayload;
  readonly "device/<device>/reading": ReadingPayload;
  /** Read by Carport. */
  readonly "device/<device>/command": CommandPayload;
  readonly "device/<device>/response": ResponsePayload;
  readonly "device/<device>/fault": FaultPayload;
  /** ISO 8601, UTC. */
  readonly "device/<device>/last_seen": string;
  readonly "device/<device>/info": DeviceInfoPayload;
  /** A number, ON/OFF, the name of a state, or `None` for an unknown one. */
  readonly "device/<device>/signal/<signal>": string;
  readonly "vehicle/<vehicle>/state": DeviceState;
  /** ISO 8601, UTC. */
  readonly "vehicle/<vehicle>/last_seen": string;
  readonly "vehicle/<vehicle>/summary": SummaryPayload;
  readonly "vehicle/<vehicle>/info": VehicleInfoPayload;
  readonly "system/status": SystemStatusPayload;
  readonly "discovery/found": FoundPayload;
}

export type Path = keyof Payloads;

/** Told once to those who listen then. */
export const passing: ReadonlySet<Path> = new Set([
  "device/<device>/reading",
  "device/<device>/command",
  "device/<device>/response",
  "discovery/found",
]);

/** 0 where the next message or the republication on reconnect makes good for a lost one. */
export const qualityOfService: { readonly [P in Path]: 0 | 1 | 2 } = {
  status: 1,
  instance: 1,
  "device/<device>/availability": 1,
  "device/<device>/state": 1,
  "device/<device>/status": 1,
  "device/<device>/reading": 1,
  "device/<device>/command": 1,
  "device/<device>/response": 1,
  "device/<device>/fault": 1,
  "device/<device>/last_seen": 0,
  "device/<device>/info": 1,
  "device/<device>/signal/<signal>": 0,
  "vehicle/<vehicle>/state": 1,
  "vehicle/<vehicle>/last_seen": 0,
  "vehicle/<vehicle>/summary": 1,
  "vehicle/<vehicle>/info": 1,
  "system/status": 2,
  "discovery/found": 1,
};

/** What of Home Assistant's Carport reads and writes, below the discovery prefix. */
export const homeAssistantPaths = { birth: "status", discovery: "device/<id>/config" } as const;

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
  /** The broker is not to keep it. */
  readonly passing?: true;
}

export type Level = "device" | "vehicle" | "signal";
type LevelsOf<P extends string> = P extends `${string}<${infer Name extends Level}>${infer Rest}`
  ? Name | LevelsOf<Rest>
  : never;
export type Names<P extends Path> = { readonly [Name in LevelsOf<P>]: string };

/** A topic of ours, taken apart. */
export interface Address {
  readonly path: Path;
  readonly names: { readonly [Name in Level]?: string };
}

// Object.keys widens to string; the type above makes these exactly the paths.
const patterns = (Object.keys(qualityOfService) as Path[]).map((path) => ({ path, levels: path.split("/") }));

/** The topics of one Carport at one broker. */
export class TopicTree {
  readonly prefix: string;
  readonly discoveryPrefix: string;
  /** Of all discovery ids: two Carports with different prefixes can feed one Home Assistant. */
  readonly #idPrefix: string;

  constructor(prefix: string, discoveryPrefix: string) {
    this.prefix = prefix;
    this.discoveryPrefix = discoveryPrefix;
    // Home Assistant refuses other characters in a discovery topic.
    this.#idPrefix = prefix.replace(/[^a-zA-Z0-9_-]/g, "_");
  }

  topic<P extends Path>(path: P, names: Names<P>): string {
    let topic = `${this.prefix}/${path}`;
    for (const [name, value] of Object.entries<string>(names)) topic = topic.replace(`<${name}>`, value);
    return topic;
  }

  message<P extends Path>(path: P, names: Names<P>, payload: Payloads[P]): Message {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    const message = { topic: this.topic(path, names), payload: text, qos: qualityOfService[path] };
    return passing.has(path) ? { ...message, passing: true } : message;
  }

  /** Undefined for a topic that is none of the contract's. */
  parse(topic: string): Address | undefined {
    if (!topic.startsWith(`${this.prefix}/`)) return undefined;
    const levels = topic.slice(this.prefix.length + 1).split("/");
    for (const pattern of patterns) {
      const names = match(pattern.levels, levels);
      if (names) return { path: pattern.path, names };
    }
    return undefined;
  }

  /** All devices' commands. */
  get commandFilter(): string {
    return this.topic("device/<device>/command", { device: "+" });
  }

  /** Where Home Assistant says that it has started. */
  get birth(): string {
    return `${this.discoveryPrefix}/${homeAssistantPaths.birth}`;
  }

  /** Id of a vehicle's or a device's page in Home Assistant; also the discovery id and the root of its unique ids. */
  discoveryId(subject: "vehicle" | "device", id: string): string {
    return `${this.#idPrefix}_${subject}_${id}`;
  }

  discovery(discoveryId: string): string {
    return `${this.discoveryPrefix}/${homeAssistantPaths.discovery.replace("<id>", discoveryId)}`;
  }

  /** All devices' discovery topics, those of others included. */
  get discoveryFilter(): string {
    return this.discovery("+");
  }

  /** Whose page a discovery topic describes; undefined when it cannot be one of ours. */
  parseDiscovery(topic: string): { readonly subject: "vehicle" | "device"; readonly id: string } | undefined {
    for (const subject of ["vehicle", "device"] as const) {
      const [start = "", end = ""] = this.discovery(this.discoveryId(subject, "+")).split("+");
      if (topic.startsWith(start) && topic.endsWith(end))
        return { subject, id: topic.slice(start.length, -end.length) };
    }
    return undefined;
  }
}

function match(pattern: readonly string[], levels: readonly string[]): Address["names"] | undefined {
  if (pattern.length !== levels.length) return undefined;
  const names: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const level = levels[at] ?? "";
    if (expected.startsWith("<")) names[expected.slice(1, -1)] = level;
    else if (expected !== level) return undefined;
  }
  return names;
}
