import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import type { LeafGeneration } from "#protocols/leaf/generation.ts";
import { Car } from "./car.ts";
import { ControlUnits } from "./control-units.ts";
import { MessageEncoder } from "./encoder.ts";
import { type Scheduled, scheduleOf } from "./schedule.ts";

const TICK_MS = 10;
/** A frame of 8 bytes takes about this long at 500 kbit/s. */
const FRAME_MS = 0.24;
/** After a longer pause (a suspended machine) time goes on from now instead of all at once. */
const LONGEST_CATCH_UP_MS = 1000;

export interface LeafOptions {
  readonly generation: LeafGeneration;
  readonly seed?: number;
}

/** A frame, and ms since the car came to life. */
export interface TimedFrame {
  readonly time: number;
  readonly id: number;
  readonly data: Uint8Array;
}

/** A whole Leaf at byte level: drives, regenerates, parks, sleeps and charges, and answers diagnostic reads. */
export class SimulatedLeaf {
  readonly car: Car;
  readonly #rows: readonly (Scheduled & { readonly encoder: MessageEncoder; readonly phaseMs: number })[];
  readonly #units: ControlUnits;
  #time = 0;

  constructor({ generation, seed = 1 }: LeafOptions) {
    const car = new Car(generation, seed);
    this.car = car;
    this.#units = new ControlUnits(car);
    this.#rows = scheduleOf(generation).map((row, index) => ({
      ...row,
      encoder: new MessageEncoder(row.message, row.length, car),
      phaseMs: (index * TICK_MS) % row.periodMs,
    }));
  }

  /** ms since the car came to life. */
  get time(): number {
    return this.#time;
  }

  /** A frame that someone else sent. */
  hear(frame: Pick<CanFrame, "id" | "data" | "type" | "extended">): void {
    this.#units.hear(frame, this.#time);
  }

  /** Lets 10 ms pass and gives what is sent in them. */
  *tick(): Generator<TimedFrame> {
    this.#time += TICK_MS;
    this.car.advance(TICK_MS / 1000);
    if (!this.car.awake) return;
    let time = this.#time;
    for (const { message, encoder, fill, when, periodMs, phaseMs } of this.#rows) {
      if (this.#time % periodMs !== phaseMs || when?.(this.car) === false) continue;
      yield { time, id: message.id, data: encoder.next(fill) };
      time += FRAME_MS;
    }
    for (const { id, data } of this.#units.due(this.#time)) {
      yield { time, id, data };
      time += FRAME_MS;
    }
  }
}

/** A recording of a simulated Leaf, made much faster than it would take. `start`: UTC ms of its first moment. */
export function* frames(
  options: LeafOptions & { readonly seconds: number; readonly start?: number },
): Generator<CanFrame> {
  const leaf = new SimulatedLeaf(options);
  const { seconds, start = 0 } = options;
  while (leaf.time < seconds * 1000) {
    for (const { time, id, data } of leaf.tick()) {
      yield {
        time: start + time,
        id,
        extended: false,
        type: "data",
        fd: false,
        direction: "rx",
        channel: "can0",
        data,
        length: data.length,
      };
    }
  }
}

/**
 * Lets a Leaf live on a bus in real time until the signal fires, then closes the bus. Throws what the bus throws when it
 * is lost. The bus has to be open for sending.
 */
export async function runLeaf(
  options: LeafOptions & { readonly bus: CanBus; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { bus, clock, signal } = options;
  const leaf = new SimulatedLeaf(options);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const hearing = hear(bus, leaf).finally(() => ended.abort());
  const living = live(leaf, bus, clock, stop).finally(() => bus.close());
  await Promise.all([hearing, living]);
}

async function hear(bus: CanBus, leaf: SimulatedLeaf): Promise<void> {
  for await (const batch of bus.frames) for (const frame of batch) leaf.hear(frame);
}

async function live(leaf: SimulatedLeaf, bus: CanBus, clock: Clock, signal: AbortSignal): Promise<void> {
  let began = clock.monotonic() - leaf.time;
  while (!signal.aborted) {
    const now = clock.monotonic();
    if (now - began - leaf.time > LONGEST_CATCH_UP_MS) began = now - leaf.time;
    while (began + leaf.time + TICK_MS <= now) {
      for (const { id, data } of leaf.tick()) bus.send?.({ id, extended: false, data });
    }
    await clock.sleep(TICK_MS, signal);
  }
}
