import type { Batch } from "#domain/batch.ts";
import type { Device } from "#domain/device.ts";
import type { SignalKey, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { Latest } from "#hub/garage.ts";
import { defined } from "./defined.ts";
import { ReportGate } from "./report-gate.ts";
import type { RetainedBoard } from "./retained-board.ts";
import { signalText, timeText, UNKNOWN } from "./signal-text.ts";
import type { Availability, TopicTree } from "./topics.ts";

/** The topics of one device: its state and the values of its signals. */
export class DevicePublication {
  readonly #topics: TopicTree;
  readonly #board: RetainedBoard;
  readonly #gate: ReportGate;
  readonly #signalTopics = new Map<SignalKey, string>();
  #device: Device;
  #lastSeen: number | undefined;
  #samples = 0;
  #reports = 0;

  constructor(device: Device, topics: TopicTree, board: RetainedBoard) {
    this.#device = device;
    this.#topics = topics;
    this.#board = board;
    this.#lastSeen = device.status.lastSeen;
    this.#gate = new ReportGate((signal, value) => {
      if (board.show({ topic: this.#topicOf(signal), payload: signalText(signal, value), qos: 0 })) this.#reports++;
    });
  }

  get device(): Device {
    return this.#device;
  }

  get vehicle(): VehicleId | undefined {
    return this.#device.record.vehicle;
  }

  /** UTC ms of the newest sample. */
  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  /** Samples that were not worth a message of their own. */
  get suppressed(): number {
    return this.#samples - this.#reports;
  }

  /** Samples that were no numbers. */
  get invalid(): number {
    return this.#gate.invalid;
  }

  /** Takes over values from before the start. */
  restore(latest: Iterable<Latest>, now: number): void {
    for (const { signal, value, time } of latest) this.#gate.restore(signal, value, time, now);
    this.#reports = 0;
  }

  /** Follows the device's record and status. What it measured on another vehicle says nothing about this one. */
  update(device: Device, now: number): void {
    const before = this.#device;
    this.#device = device;
    if (before.record.vehicle !== device.record.vehicle) {
      this.#lastSeen = device.status.lastSeen;
      for (const signal of this.#gate.forget(({ subject }) => subject === "vehicle"))
        this.showUnknown(this.#topicOf(signal));
    }
    if (before.status.state === "connected" && device.status.state !== "connected") this.flush(now);
    this.showStatus();
  }

  showStatus(): void {
    const { record, status } = this.#device;
    const names = { device: record.id };
    const { manufacturer, model, softwareVersion } = status.identity;
    const info = {
      name: record.name,
      kind: record.kind,
      vehicle: record.vehicle ?? null,
      ...defined({ manufacturer, model, software_version: softwareVersion }),
    };
    const tell = this.#topics;
    this.#board.show(tell.message("device/<device>/info", names, info));
    this.#board.show(tell.message("device/<device>/fault", names, status.fault ? faultPayload(status.fault) : {}));
    this.#board.show(tell.message("device/<device>/state", names, status.state));
    const fault = status.fault ? { fault: faultPayload(status.fault) } : {};
    const since = timeText(status.since) ?? "";
    this.#board.show(tell.message("device/<device>/status", names, { state: status.state, since, ...fault }));
    this.#board.show(tell.message("device/<device>/availability", names, availabilityOf(this.#device)));
    this.showLastSeen();
  }

  showLastSeen(): void {
    const time = timeText(this.#lastSeen);
    if (time === undefined) return;
    this.#board.show(this.#topics.message("device/<device>/last_seen", { device: this.#device.record.id }, time));
  }

  showUnknown(topic: string): void {
    this.#board.show({ topic, payload: UNKNOWN, qos: 0 });
  }

  /** Returns when the next value that has to wait is due; Infinity when none is. */
  take(batch: Batch, now: number): number {
    this.#samples += batch.count;
    const last = batch.times[batch.count - 1];
    if (last !== undefined) this.#lastSeen = last;
    return this.#gate.take(batch, now);
  }

  due(now: number): number {
    return this.#gate.due(now);
  }

  /** What is at rest is shown exactly. */
  flush(now: number): void {
    this.#gate.flush(now);
  }

  #topicOf(signal: Signal): string {
    let topic = this.#signalTopics.get(signal.key);
    if (topic === undefined) {
      const names = { device: this.#device.record.id, signal: signal.key };
      topic = this.#topics.topic("device/<device>/signal/<signal>", names);
      this.#signalTopics.set(signal.key, topic);
    }
    return topic;
  }
}

const faultPayload = ({ code, message, nextStep }: NonNullable<Device["status"]["fault"]>) => ({
  code,
  message,
  next_step: nextStep,
});

/** Whether what is shown of a device can be relied on: a car that sleeps is available, a lost link is not. */
function availabilityOf({ record, status }: Device): Availability {
  if (!record.enabled) return "offline";
  switch (status.state) {
    case "disconnected":
    case "error":
      return "offline";
    case "discovered":
    case "configured":
    case "connecting":
    case "connected":
    case "asleep":
      return "online";
  }
}
