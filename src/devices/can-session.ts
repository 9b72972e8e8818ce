import { BatchBuilder } from "#domain/batch.ts";
import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import type { DeviceIdentity } from "#domain/device.ts";
import { BusMeter, busLoad, frameRate } from "#protocols/can/bus-meter.ts";
import type { SampleSink, SignalRegister } from "#protocols/can/signal-register.ts";
import type { DeviceContext, DeviceOutput } from "./device-kind.ts";

/** What makes sense of a bus: a car's own tables, a DBC file. */
export interface BusReader {
  /** Where its signals are declared. */
  readonly register: SignalRegister;
  /** What the car is, as far as its frames have told; another object when that changes. */
  readonly identity?: DeviceIdentity | undefined;
  /** Monotonic totals. */
  readonly counters: Readonly<Record<string, number>>;
  /** `now`: monotonic ms. */
  read(frame: CanFrame, now: number, sink: SampleSink): void;
  /** Before a hand-over while the bus is alive; its last frame came `quietFor` ms ago. */
  turn?(now: number, quietFor: number): void;
  /** The bus has fallen silent, or the recording is over. */
  rest?(sink: SampleSink): void;
}

/** Samples are handed over this often at most. */
const HAND_OVER_MS = 50;
/** A bus without a frame for so long belongs to a car that is off. */
const SILENCE_MS = 5000;
/** Counters and bus load. */
const REPORT_MS = 5000;
/** With more samples than this, frames wait in the transport until they are handed over. */
const HIGH_WATER = 32_768;

/** One time that a bus is open: takes in its frames as they come, and hands over what they say at a calm pace. */
export class CanSession {
  readonly #bus: CanBus;
  readonly #reader: BusReader;
  readonly #context: DeviceContext;
  readonly #builder: BatchBuilder;
  readonly #sink = { add: (index: number, time: number, value: number) => this.#add(index, time, value) };
  readonly #meter: BusMeter;
  readonly #frameRate: number;
  readonly #busLoad: number;
  #wake = new AbortController();
  #handedOver: (() => void) | undefined;
  #lastArrival: number;
  #heard = false;
  #lastReport: number;
  #samplesLost = 0;
  #state: "connected" | "asleep" | undefined;
  #identity: DeviceIdentity | undefined;
  #ended = false;
  #failure: unknown;

  constructor(bus: CanBus, reader: BusReader, context: DeviceContext) {
    this.#bus = bus;
    this.#reader = reader;
    this.#context = context;
    this.#builder = new BatchBuilder(reader.register.signals);
    this.#frameRate = reader.register.declare(frameRate);
    this.#busLoad = reader.register.declare(busLoad);
    const now = context.clock.monotonic();
    this.#meter = new BusMeter(now);
    this.#lastArrival = now;
    this.#lastReport = now;
  }

  /** Until the signal fires or the bus fails; closes the bus. After the end of a recording the car is asleep. */
  async *run(): AsyncGenerator<DeviceOutput> {
    const { clock, signal } = this.#context;
    const wake = () => this.#wake.abort();
    signal.addEventListener("abort", wake, { once: true });
    const taking = this.#takeIn();
    try {
      while (!signal.aborted && this.#failure === undefined) {
        await this.#untilSomethingHappens();
        if (clock.monotonic() - this.#lastArrival < HAND_OVER_MS) await clock.sleep(HAND_OVER_MS, signal);
        if (signal.aborted) break;
        yield* this.#outputs(clock.monotonic());
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#handedOver?.();
      await this.#bus.close();
      await taking;
    }
    if (this.#failure !== undefined && !signal.aborted) throw this.#failure;
  }

  async #takeIn(): Promise<void> {
    try {
      for await (const frames of this.#bus.frames) {
        this.#read(frames, this.#context.clock.monotonic());
        this.#wake.abort();
        if (this.#builder.count > HIGH_WATER) await new Promise<void>((resolve) => (this.#handedOver = resolve));
      }
    } catch (error) {
      this.#failure = error;
    }
    this.#ended = true;
    this.#wake.abort();
  }

  #read(frames: readonly CanFrame[], now: number): void {
    for (const frame of frames) {
      this.#meter.count(frame);
      this.#reader.read(frame, now, this.#sink);
    }
    this.#lastArrival = now;
    this.#heard = true;
  }

  #add(index: number, time: number, value: number): void {
    if (!this.#builder.add(index, time, value)) this.#samplesLost++;
  }

  /** Frames came, the bus ended, the signal fired, or silence has lasted long enough to mean something. */
  async #untilSomethingHappens(): Promise<void> {
    const { clock, signal } = this.#context;
    const asleep = this.#state === "asleep";
    const rest = asleep ? Number.POSITIVE_INFINITY : this.#lastArrival + SILENCE_MS - clock.monotonic();
    if (!signal.aborted) await clock.sleep(rest, this.#wake.signal);
    this.#wake = new AbortController();
  }

  *#outputs(now: number): Generator<DeviceOutput> {
    const quietFor = now - this.#lastArrival;
    const silent = this.#ended || quietFor >= SILENCE_MS;
    if (silent) this.#reader.rest?.(this.#sink);
    else this.#reader.turn?.(now, quietFor);
    const state = silent ? "asleep" : "connected";
    const reported = state !== this.#state || now - this.#lastReport >= REPORT_MS;
    if (reported) this.#report(now, silent);
    const batch = this.#builder.take();
    this.#handedOver?.();
    // First of all: whatever else comes from a device that is being connected counts as its car being awake.
    if (state !== this.#state) yield { type: "state", state };
    this.#state = state;
    if (batch !== undefined) yield { type: "batch", batch };
    const { identity } = this.#reader;
    if (identity !== undefined && identity !== this.#identity) yield { type: "identity", identity };
    this.#identity = identity;
    if (reported) yield { type: "counters", counters: this.#counters() };
  }

  #report(now: number, silent: boolean): void {
    const { framesPerSecond, load } = this.#meter.take(now);
    this.#lastReport = now;
    // A bus that has been silent since it was opened says nothing: the car was last seen before.
    if (!this.#heard) return;
    const time = this.#context.clock.now();
    const { register } = this.#reader;
    register.put(this.#frameRate, time, silent ? 0 : framesPerSecond, this.#sink);
    register.put(this.#busLoad, time, silent ? 0 : load, this.#sink);
  }

  #counters(): Readonly<Record<string, number>> {
    const { received: _, ...bus } = this.#bus.counters;
    return { ...this.#reader.counters, ...bus, samplesLost: this.#samplesLost };
  }
}
