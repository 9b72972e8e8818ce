import type { DeviceId, VehicleId } from "./ids.ts";
import type { Signal } from "./signal.ts";

/**
 * discovered → configured → connecting → connected, and from there asleep (ignition off, bus silent, car away: normal),
 * disconnected (link lost, retrying) or error (needs a person, has a code).
 */
export const deviceStates = [
  "discovered",
  "configured",
  "connecting",
  "connected",
  "asleep",
  "disconnected",
  "error",
] as const;
export type DeviceState = (typeof deviceStates)[number];

/** How patiently a lost device is tried again; kept in devices.json. */
export interface ReconnectPace {
  /** Attempts after a loss before the longer pause. */
  readonly retries: number;
  /** Pause between these attempts. */
  readonly retrySeconds: number;
  /** Pause between further attempts, once all of those have failed. */
  readonly reconnectSeconds: number;
}

/** What the owner set; kept in devices.json. */
export interface DeviceRecord {
  readonly id: DeviceId;
  readonly kind: string;
  readonly name: string;
  readonly vehicle?: VehicleId;
  readonly enabled: boolean;
  /** Absent: growing pauses of up to a minute. */
  readonly reconnect?: ReconnectPace;
  /** Validated by the kind's own schema. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Found near by, and waiting for the owner's word; kept in devices.json. */
export interface FoundDevice {
  readonly id: DeviceId;
  readonly kind: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What was seen, for a person. */
  readonly evidence: string;
  /** UTC ms. */
  readonly foundAt: number;
  /** The owner does not want it. */
  readonly ignored: boolean;
}

/** What a device found out about itself. */
export interface DeviceIdentity {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serialNumber?: string;
  readonly softwareVersion?: string;
}

/** What is true of it now; kept in memory. */
export interface DeviceStatus {
  readonly state: DeviceState;
  /** UTC ms of the last change of state. */
  readonly since: number;
  /** With `disconnected` and `error`: why, for a person. */
  readonly fault?: { readonly code: string; readonly message: string; readonly nextStep: string };
  /** UTC ms of the newest sample. */
  readonly lastSeen?: number;
  /** Of what is read through it: "Nissan", "Leaf ZE0". */
  readonly identity: DeviceIdentity;
  /** Grows as the device learns what the vehicle sends. */
  readonly signals: readonly Signal[];
  /** Monotonic totals: frames, discarded, dropped … */
  readonly counters: Readonly<Record<string, number>>;
}

export interface Device {
  readonly record: DeviceRecord;
  readonly status: DeviceStatus;
}
