import type { DeviceContext, DeviceOutput } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import { signalKey } from "#domain/ids.ts";
import type { NumberSignal } from "#domain/signal.ts";

export const signal = (key: string, name = key): NumberSignal => ({
  key: signalKey(key),
  name,
  group: "battery",
  subject: "vehicle",
  presentation: { enabled: true },
  report: { deadBand: 0, minIntervalMs: 0 },
  type: "number",
  unit: "V",
  precision: 1,
});
export const volts = signal("volts");
export const amps = signal("amps");

/** One hand-over of volts and amps: signal, time, value. */
export const batch = (...rows: readonly (readonly [NumberSignal, number, number])[]): DeviceOutput => {
  const signals = [volts, amps];
  const builder = new BatchBuilder(signals);
  for (const [which, time, value] of rows) builder.add(signals.indexOf(which), time, value);
  const taken = builder.take();
  if (!taken) throw new TypeError("no rows");
  return { type: "batch", batch: taken };
};

/** A link that a test plays the far end of. */
export class Wire {
  readonly opened: DeviceContext[] = [];
  readonly settings: unknown[] = [];
  #pending: (DeviceOutput | Error | "end")[] = [];
  #wake = () => {};

  send(...outputs: (DeviceOutput | Error | "end")[]): void {
    this.#pending.push(...outputs);
    this.#wake();
  }

  async *open(settings: unknown, context: DeviceContext): AsyncGenerator<DeviceOutput> {
    this.opened.push(context);
    this.settings.push(settings);
    const closing = new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve()));
    while (!context.signal.aborted) {
      const next = this.#pending.shift();
      if (next === undefined) await Promise.race([closing, new Promise<void>((resolve) => (this.#wake = resolve))]);
      else if (next === "end") return;
      else if (next instanceof Error) throw next;
      else yield next;
    }
  }
}
