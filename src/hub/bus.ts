import type { Batch } from "#domain/batch.ts";
import type { Device, FoundDevice } from "#domain/device.ts";
import type { DeviceId, VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import type { Vehicle } from "#domain/vehicle.ts";

export interface BusEvents {
  /** Samples, with the vehicle the device was bound to when they were taken. */
  readonly batch: { readonly device: DeviceId; readonly vehicle: VehicleId | undefined; readonly batch: Batch };
  /** A device is new, or its record or status changed (state, identity, signals; not each sample). */
  readonly device: { readonly device: Device };
  readonly "device-removed": { readonly device: DeviceId };
  /** A device was found for the first time. */
  readonly found: { readonly device: FoundDevice };
  /** A vehicle is new or changed. */
  readonly vehicle: { readonly vehicle: Vehicle };
  readonly "vehicle-removed": { readonly vehicle: VehicleId };
}

type Listener<Type extends keyof BusEvents> = (event: BusEvents[Type]) => void;

/**
 * The live bus: synchronous, in order, nothing upstream waits. A listener that throws is logged and keeps being called;
 * the others never notice.
 */
export class Bus {
  readonly #log: Log;
  readonly #listeners: { [Type in keyof BusEvents]: Set<Listener<Type>> } = {
    batch: new Set(),
    device: new Set(),
    "device-removed": new Set(),
    found: new Set(),
    vehicle: new Set(),
    "vehicle-removed": new Set(),
  };
  #failures = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Listener errors since the start, for the health page. */
  get failures(): number {
    return this.#failures;
  }

  /** Returns the unsubscription. */
  subscribe<Type extends keyof BusEvents>(type: Type, listener: Listener<Type>): () => void {
    const listeners: Set<Listener<Type>> = this.#listeners[type];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  publish<Type extends keyof BusEvents>(type: Type, event: BusEvents[Type]): void {
    const listeners: Set<Listener<Type>> = this.#listeners[type];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#failures++;
        this.#log.error(`a listener of ${type} failed`, { error });
      }
    }
  }
}
