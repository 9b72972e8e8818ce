import type { WebSocket } from "ws";
import type { Clock } from "#domain/clock.ts";
import type { Device } from "#domain/device.ts";
import type { DeviceId, VehicleId } from "#domain/ids.ts";
import type { Log } from "#domain/log.ts";
import type { Garage } from "#hub/garage.ts";
import type { GarageFrame, LiveDevice, TimeFrame } from "../contract/live.ts";
import { LiveClient } from "./live-client.ts";
import { SignalTable } from "./signal-table.ts";

/** Ten times a second is what an eye follows. */
const TICK_MS = 100;
/** A page that hears nothing for twice this long knows that the connection is dead. */
const SILENCE_MS = 5_000;
const MAX_CLIENTS = 64;

/**
 * Brings the newest values to all open pages. It listens to the bus only while a page is open; a new page is simply a
 * page that has missed everything so far, and a slow one a page that has missed the last ticks.
 */
export class LiveStream {
  readonly #garage: Garage;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  /** How many found things wait for the owner's word. */
  readonly #countFound: () => number;
  readonly #clients = new Set<LiveClient>();
  readonly #tables = new Map<DeviceId, SignalTable>();
  #running = false;
  #tick = 0;
  #garageAt = 0;
  #found = 0;
  #frames = 0;
  #cutOff = 0;

  constructor(garage: Garage, clock: Clock, log: Log, signal: AbortSignal, countFound: () => number = () => 0) {
    this.#garage = garage;
    this.#clock = clock;
    this.#log = log;
    this.#signal = signal;
    this.#countFound = countFound;
  }

  get full(): boolean {
    return this.#clients.size >= MAX_CLIENTS;
  }

  get counters(): { clients: number; frames: number; cutOff: number } {
    return { clients: this.#clients.size, frames: this.#frames, cutOff: this.#cutOff };
  }

  /** Without a vehicle: of all of them. Returns the removal. */
  add(socket: WebSocket, vehicle: VehicleId | undefined): () => void {
    const client = new LiveClient(socket, vehicle, this.#clock.monotonic());
    this.#clients.add(client);
    if (!this.#running) void this.#run();
    return () => {
      this.#clients.delete(client);
    };
  }

  async #run(): Promise<void> {
    this.#running = true;
    const unsubscribe = this.#listen();
    this.#garageAt = ++this.#tick;
    while (this.#clients.size > 0 && !this.#signal.aborted) {
      this.#serve();
      await this.#clock.sleep(TICK_MS, this.#signal);
    }
    unsubscribe();
    this.#tables.clear();
    this.#running = false;
  }

  #listen(): () => void {
    const { bus } = this.#garage;
    const garageChanged = () => {
      this.#garageAt = this.#tick;
    };
    const unsubscriptions = [
      bus.subscribe("batch", ({ device, batch }) => this.#tables.get(device)?.add(batch, this.#tick)),
      bus.subscribe("device", ({ device }) => {
        this.#deviceChanged(device);
        garageChanged();
      }),
      bus.subscribe("device-removed", ({ device }) => {
        this.#tables.delete(device);
        garageChanged();
      }),
      bus.subscribe("vehicle", garageChanged),
      bus.subscribe("vehicle-removed", garageChanged),
    ];
    return () => {
      for (const unsubscribe of unsubscriptions) unsubscribe();
    };
  }

  #deviceChanged({ record, status }: Device): void {
    const table = this.#tables.get(record.id);
    // What was measured in one vehicle is not of the next.
    if (table && table.vehicle !== record.vehicle) this.#tables.delete(record.id);
    else table?.define(status.signals, this.#tick);
  }

  #serve(): void {
    const now = this.#clock.monotonic();
    const time = this.#clock.now();
    const devices = this.#garage.devices();
    const found = this.#countFound();
    if (found !== this.#found) this.#garageAt = this.#tick;
    this.#found = found;
    let garage: Buffer | undefined;
    let silence: Buffer | undefined;
    for (const client of this.#clients) {
      const condition = client.condition(now);
      if (condition === "gone") {
        this.#cutOff++;
        this.#log.info("a page stopped reading its live values and was cut off");
        client.cut();
      }
      if (condition !== "ready") continue;
      if (client.garageAt < this.#garageAt) {
        garage ??= encode(this.#describeGarage(devices, time));
        this.#send(client, garage, now);
        client.garageAt = this.#tick;
      }
      for (const device of devices) {
        const wanted = client.vehicle === undefined || device.record.vehicle === client.vehicle;
        if (wanted) this.#catchUp(client, device, now, time);
      }
      if (client.silentFor(now) >= SILENCE_MS) {
        silence ??= encode({ type: "time", time });
        this.#send(client, silence, now);
      }
    }
    for (const table of this.#tables.values()) table.endTick();
    this.#tick++;
  }

  #catchUp(client: LiveClient, device: Device, now: number, time: number): void {
    const { id } = device.record;
    const table = this.#table(device);
    const definedAt = client.definedAt.get(id) ?? 0;
    if (table.definedAt > definedAt) {
      this.#send(client, table.definitions(time), now);
      client.definedAt.set(id, this.#tick);
    }
    const values = table.valuesSince(client.valuesAt.get(id) ?? 0, time);
    if (values) this.#send(client, values, now);
    client.valuesAt.set(id, this.#tick);
  }

  #table(device: Device): SignalTable {
    const { id } = device.record;
    let table = this.#tables.get(id);
    if (!table) {
      table = new SignalTable(id, device.record.vehicle);
      table.seed(device, this.#garage.latest(id), this.#tick);
      this.#tables.set(id, table);
    }
    return table;
  }

  #send(client: LiveClient, frame: Buffer, now: number): void {
    this.#frames++;
    client.send(frame, now);
  }

  #describeGarage(devices: readonly Device[], time: number): GarageFrame {
    return {
      type: "garage",
      time,
      vehicles: this.#garage.vehicles().map(({ id, name, kind }) => ({
        id,
        name,
        kind,
        devices: devices.filter((device) => device.record.vehicle === id).map(describeDevice),
      })),
      unassigned: devices.filter((device) => device.record.vehicle === undefined).map(describeDevice),
      found: this.#found,
    };
  }
}

function describeDevice({ record, status }: Device): LiveDevice {
  return {
    id: record.id,
    name: record.name,
    kind: record.kind,
    enabled: record.enabled,
    state: status.state,
    since: status.since,
    model: status.identity.model ?? null,
    fault: status.fault ?? null,
  };
}

const encode = (frame: GarageFrame | TimeFrame): Buffer => Buffer.from(JSON.stringify(frame));
