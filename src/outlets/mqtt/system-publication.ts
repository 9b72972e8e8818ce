import type { DeviceState } from "#domain/device.ts";
import type { Garage } from "#hub/garage.ts";
import { isPublished } from "./discovery.ts";
import type { RetainedBoard } from "./retained-board.ts";
import type { TopicTree } from "./topics.ts";

/** The topic of Carport as a whole. */
export class SystemPublication {
  readonly #garage: Garage;
  readonly #topics: TopicTree;
  readonly #board: RetainedBoard;
  readonly #version: string;
  readonly #startedAt: string;

  /** `startedAt`: UTC ms. */
  constructor(garage: Garage, topics: TopicTree, board: RetainedBoard, version: string, startedAt: number) {
    this.#garage = garage;
    this.#topics = topics;
    this.#board = board;
    this.#version = version;
    this.#startedAt = new Date(startedAt).toISOString();
  }

  readonly show = (): void => {
    const devices = this.#garage.devices().filter(isPublished);
    const states: Partial<Record<DeviceState, number>> = {};
    for (const { status } of devices) states[status.state] = (states[status.state] ?? 0) + 1;
    const payload = {
      version: this.#version,
      started_at: this.#startedAt,
      vehicles: this.#garage.vehicles().length,
      devices: devices.length,
      states,
    };
    this.#board.show(this.#topics.message("system/status", {}, payload));
  };
}
