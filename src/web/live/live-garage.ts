import type { GarageFrame, LiveDevice, LiveFrame, LiveVehicle, SignalsFrame, ValuesFrame } from "#api/contract/live.ts";
import type { SignalDefinition } from "#api/contract/signal.ts";
import type { Reading } from "./reading.ts";

export type Connection = "connecting" | "open" | "lost";

interface DeviceReadings {
  signals: readonly SignalDefinition[];
  values: (number | undefined)[];
  times: (number | undefined)[];
}

/** What the page knows of the garage. Keeps the last values through a lost connection and a restarted server. */
export class LiveGarage extends EventTarget {
  connection: Connection = "connecting";
  /** How often the connection has come about: what was fetched before the last time may have a hole. */
  connections = 0;
  /** Undefined until the first frame. */
  vehicles: readonly LiveVehicle[] | undefined;
  /** Devices in no vehicle. */
  unassigned: readonly LiveDevice[] = [];
  /** How many found things wait for the owner's word. */
  found = 0;
  #devices = new Map<string, DeviceReadings>();
  #serverAhead = 0;

  /** The server's clock, UTC in ms. */
  now(): number {
    return Date.now() + this.#serverAhead;
  }

  setConnection(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    if (connection === "open") this.connections++;
    this.#changed();
  }

  apply(frame: LiveFrame): void {
    this.#serverAhead = frame.time - Date.now();
    switch (frame.type) {
      case "garage":
        this.#assign(frame);
        break;
      case "signals":
        this.#define(frame);
        break;
      case "values":
        this.#take(frame);
        break;
      case "time":
        break;
    }
    this.#changed();
  }

  readings(device: string): Reading[] {
    const known = this.#devices.get(device);
    if (!known) return [];
    return known.signals.map((signal, slot) => ({
      device,
      signal,
      value: known.values[slot],
      time: known.times[slot],
    }));
  }

  /** What was measured in one vehicle is not of the next. */
  #assign({ vehicles, unassigned, found }: GarageFrame): void {
    const vehicleOf = (garage: readonly LiveVehicle[], device: string) =>
      garage.find(({ devices }) => devices.some(({ id }) => id === device))?.id;
    for (const device of this.#devices.keys()) {
      if (vehicleOf(this.vehicles ?? [], device) !== vehicleOf(vehicles, device)) this.#devices.delete(device);
    }
    this.vehicles = vehicles;
    this.unassigned = unassigned;
    this.found = found;
  }

  #define({ device, signals }: SignalsFrame): void {
    const before = new Map(this.readings(device).map((reading) => [reading.signal.key, reading]));
    this.#devices.set(device, {
      signals,
      values: signals.map(({ key }) => before.get(key)?.value),
      times: signals.map(({ key }) => before.get(key)?.time),
    });
  }

  #take({ device, time, values }: ValuesFrame): void {
    const known = this.#devices.get(device);
    if (!known) return;
    for (let at = 0; at + 2 < values.length; at += 3) {
      const [slot, age, value] = values.slice(at, at + 3);
      if (slot === undefined || age === undefined || value === undefined || slot >= known.signals.length) continue;
      known.values[slot] = value;
      known.times[slot] = time + age;
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
