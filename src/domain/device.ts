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

/** What the owner set; kept in devices.json. */
export interface DeviceRecord {
  readonly id: DeviceId;
  readonly kind: string;
  readonly name: string;
  readonly vehicle?: VehicleId;
  readonly enabled: boolean;
  /** Validated by the kind's own schema. */
  readonly settings: Readonly<Record<string, unknown>>;
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
