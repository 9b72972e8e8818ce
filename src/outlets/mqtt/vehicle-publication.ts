import type { DeviceState } from "#domain/device.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import type { Garage } from "#hub/garage.ts";
import type { DevicePublication } from "./device-publication.ts";
import { describedBy } from "./discovery-payload.ts";
import type { RetainedBoard } from "./retained-board.ts";
import { signalValue, timeText } from "./signal-text.ts";
import type { SummaryPayload, SummaryValue, TopicTree } from "./topics.ts";

/** A vehicle is as awake as the most awake of its devices. */
const byWakefulness: readonly DeviceState[] = [
  "connected",
  "asleep",
  "connecting",
  "configured",
  "disconnected",
  "error",
  "discovered",
];

/** The topics of one vehicle, put together from its devices. */
export class VehiclePublication {
  readonly #vehicle: Vehicle;
  readonly #devices: readonly DevicePublication[];
  readonly #topics: TopicTree;
  readonly #board: RetainedBoard;

  /** `devices`: those of the vehicle, at least one. */
  constructor(vehicle: Vehicle, devices: readonly DevicePublication[], topics: TopicTree, board: RetainedBoard) {
    this.#vehicle = vehicle;
    this.#devices = devices;
    this.#topics = topics;
    this.#board = board;
  }

  showStatus(): void {
    const { id, name, kind } = this.#vehicle;
    const devices = this.#devices.map(({ device }) => device);
    const states = devices.map(({ status }) => status.state);
    const state = byWakefulness.find((candidate) => states.includes(candidate)) ?? "configured";
    const info = { name, kind, ...describedBy(devices), devices: devices.map(({ record }) => record.id) };
    this.#board.show(this.#topics.message("vehicle/<vehicle>/info", { vehicle: id }, info));
    this.#board.show(this.#topics.message("vehicle/<vehicle>/state", { vehicle: id }, state));
    this.showLastSeen();
  }

  showLastSeen(): void {
    const times = this.#devices.map(({ lastSeen }) => lastSeen).filter((time) => time !== undefined);
    const time = timeText(Math.max(...times));
    if (time === undefined) return;
    this.#board.show(this.#topics.message("vehicle/<vehicle>/last_seen", { vehicle: this.#vehicle.id }, time));
  }

  /** The signals that are worth a place on a dashboard, with their values of now. */
  showSummary(garage: Garage): void {
    const summary: Record<string, SummaryValue> = {};
    const newest = new Map<string, number>();
    for (const { device } of this.#devices) {
      for (const { signal, value, time } of garage.latest(device.record.id).values()) {
        if (signal.subject !== "vehicle" || !signal.presentation.enabled) continue;
        const text = timeText(time);
        if (text === undefined || time < (newest.get(signal.key) ?? Number.NEGATIVE_INFINITY)) continue;
        newest.set(signal.key, time);
        const unit = signal.type === "number" && signal.unit !== undefined ? { unit: signal.unit } : {};
        summary[signal.key] = { value: signalValue(signal, value), ...unit, time: text, device: device.record.id };
      }
    }
    const payload: SummaryPayload = summary;
    const message = this.#topics.message("vehicle/<vehicle>/summary", { vehicle: this.#vehicle.id }, payload);
    // Before the first value nothing is said; later even that there is none any more.
    if (newest.size > 0 || this.#board.get(message.topic) !== undefined) this.#board.show(message);
  }
}
