import type { z } from "zod";
import type { Batch } from "#domain/batch.ts";
import type { BleAdapter } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import type { DeviceIdentity } from "#domain/device.ts";
import type { CarportError } from "#domain/error.ts";
import type { DeviceId, SignalKey } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";

/** What a device hands to the hub while it is open. At most one batch per 50 ms. */
export type DeviceOutput =
  | { readonly type: "batch"; readonly batch: Batch }
  | { readonly type: "identity"; readonly identity: DeviceIdentity }
  /** Awake and talking, or normally silent. Everything else about the state is the hub's to say. */
  | { readonly type: "state"; readonly state: "connected" | "asleep" }
  /** Near, but not to be had; the device goes on trying at a pace of its own. */
  | { readonly type: "state"; readonly state: "disconnected"; readonly fault: CarportError }
  | { readonly type: "counters"; readonly counters: Readonly<Record<string, number>> };

/** What of Carport a device may use. */
export interface DeviceServices {
  /**
   * Opens a way to Bluetooth LE by its name, shared with all who name it; `auto` is the one that suits where Carport runs.
   * @throws CarportError BLE_ADAPTER_UNKNOWN
   */
  openBle(name: string): BleAdapter;
  /** When the samples of a signal that are kept were taken: UTC ms, in order; `to` exclusive. */
  keptTimes(device: DeviceId, signal: SignalKey, from: number, to: number): Float64Array;
}

export interface DeviceContext {
  readonly device: DeviceId;
  /** Fires when the device is to close; `open` then returns promptly. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly services: DeviceServices;
}

/** Something near by that an owner could add. */
export interface Discovery {
  /** The same each time it is found. */
  readonly id: DeviceId;
  readonly name: string;
  /** Settings that the kind's schema accepts. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What was seen, for a person: "BM6 at 50:54:7B:24:30:10, 13.28 V, heard by hci0 at −61 dBm". */
  readonly evidence: string;
}

export type DiscoveryContext = Omit<DeviceContext, "device">;

/**
 * A kind of thing an owner can add. Constructors do nothing; `open` connects, yields until the signal fires or the
 * source ends, and throws a CarportError when the link fails. It says something within a minute, if only that it is asleep,
 * and lets go within 2 s of the signal. Retry, back-off, limits and state are the hub's business.
 */
export interface DeviceKind<Settings = unknown> {
  readonly kind: string;
  readonly title: string;
  /** Validation, the form and the documentation come from this one schema; every field has a description. */
  readonly settings: z.ZodType<Settings>;
  open(settings: Settings, context: DeviceContext): AsyncIterable<DeviceOutput>;
  /** Looks around until the signal fires; a thing found again is yielded again. Sends nothing that would disturb it. */
  discover?(context: DiscoveryContext): AsyncIterable<Discovery>;
}
