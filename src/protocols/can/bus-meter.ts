import type { CanFrame } from "#domain/can-frame.ts";
import { signalKey } from "#domain/ids.ts";
import type { NumberSignal } from "#domain/signal.ts";

const BITS_PER_SECOND = 500_000;
/** A classical data frame without its data, with the pause behind it (ISO 11898-1). */
const FRAME_BITS = 47;
/** Stuff bits of a real Leaf: 8 % on average. */
const STUFFING = 1.08;

const diagnostic = (key: string, name: string, unit: string, precision: number, icon: string): NumberSignal => ({
  key: signalKey(key),
  name,
  group: "diagnostic",
  subject: "device",
  presentation: { stateClass: "measurement", entityCategory: "diagnostic", icon, enabled: true },
  report: { deadBand: 1, minIntervalMs: 60_000 },
  type: "number",
  unit,
  precision,
});

export const frameRate = diagnostic("frame_rate", "Frames per second", "1/s", 0, "mdi:pulse");
export const busLoad = diagnostic("bus_load", "Bus load", "%", 0, "mdi:gauge");

/** How busy a bus of 500 kbit/s is. */
export class BusMeter {
  #frames = 0;
  #bits = 0;
  #since: number;

  /** `now`: monotonic ms. */
  constructor(now: number) {
    this.#since = now;
  }

  count({ length }: CanFrame): void {
    this.#frames++;
    this.#bits += (FRAME_BITS + 8 * length) * STUFFING;
  }

  /** Since the last time it was asked: frames per second, and % of the bus's time. */
  take(now: number): { readonly framesPerSecond: number; readonly load: number } {
    const seconds = Math.max(0.001, (now - this.#since) / 1000);
    const result = { framesPerSecond: this.#frames / seconds, load: (100 * this.#bits) / (seconds * BITS_PER_SECOND) };
    this.#frames = 0;
    this.#bits = 0;
    this.#since = now;
    return result;
  }
}
