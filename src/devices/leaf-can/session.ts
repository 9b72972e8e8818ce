import type { DeviceContext, DeviceOutput } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import { CarportError } from "#domain/error.ts";
import { SignalRegister } from "#protocols/can/signal-register.ts";
import { LeafDecoder } from "#protocols/leaf/decoder.ts";
import { type LeafGeneration, leafModels } from "#protocols/leaf/generation.ts";
import { DiagnosticPoller } from "#protocols/leaf/poller.ts";
import { ReadGate } from "#protocols/leaf/reads.ts";
import { BusMeter, busLoad, frameRate } from "./bus-meter.ts";
import type { LeafCanSettings } from "./settings.ts";

/** Samples are handed over this often at most. */
const HAND_OVER_MS = 50;
/** A bus without a frame for so long belongs to a car that is off. */
const SILENCE_MS = 5000;
/** Polls stop long before that. */
const POLL_SILENCE_MS = 500;
/** Counters and bus load. */
const REPORT_MS = 5000;
/** A bad wire spoils frames for hours: it is told this often at most. */
const COMPLAINT_MS = 3_600_000;
/** With more samples than this, frames wait in the transport until they are handed over. */
const HIGH_WATER = 32_768;

/** One time that a bus is open: takes in its frames as they come, and hands over what they say at a calm pace. */
export class LeafSession {
  readonly #bus: CanBus;
  readonly #context: DeviceContext;
  readonly #register = new SignalRegister();
  readonly #decoder: LeafDecoder;
  readonly #builder = new BatchBuilder(this.#register.signals);
  readonly #sink = { add: (index: number, time: number, value: number) => this.#add(index, time, value) };
  readonly #poller: DiagnosticPoller | undefined;
  readonly #meter: BusMeter;
  readonly #frameRate = this.#register.declare(frameRate);
  readonly #busLoad = this.#register.declare(busLoad);
  #wake = new AbortController();
  #handedOver: (() => void) | undefined;
  #newestFrame = Number.NaN;
  #lastArrival: number;
  #lastReport: number;
  #samplesLost = 0;
  #damagedTold = 0;
  #nextComplaint = Number.NEGATIVE_INFINITY;
  #state: "connected" | "asleep" | undefined;
  #generation: LeafGeneration | undefined;
  #ended = false;
  #failure: unknown;

  constructor(bus: CanBus, settings: LeafCanSettings, context: DeviceContext) {
    this.#bus = bus;
    this.#context = context;
    this.#decoder = new LeafDecoder(settings.generation, this.#register);
    if (bus.send !== undefined)
      this.#poller = new DiagnosticPoller(new ReadGate(bus.send), settings.pollSeconds * 1000);
    const now = context.clock.monotonic();
    this.#meter = new BusMeter(now);
    this.#lastArrival = now;
    this.#lastReport = now;
  }

  /** Until the signal fires or the bus fails. After the end of a recording the car is asleep. */
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
      this.#decoder.decode(frame, this.#sink);
      this.#poller?.hear(frame, now);
      this.#newestFrame = frame.time;
    }
    this.#lastArrival = now;
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
    const silent = this.#ended || now - this.#lastArrival >= SILENCE_MS;
    if (silent) this.#decoder.flush(this.#sink);
    else this.#poller?.tick(now, now - this.#lastArrival < POLL_SILENCE_MS && this.#decoder.isAwake(this.#newestFrame));
    const state = silent ? "asleep" : "connected";
    const reported = state !== this.#state || now - this.#lastReport >= REPORT_MS;
    if (reported) this.#report(now, silent);
    const batch = this.#builder.take();
    this.#handedOver?.();
    if (batch !== undefined) yield { type: "batch", batch };
    if (this.#decoder.generation !== this.#generation) yield this.#identity(this.#decoder.generation);
    if (reported) yield { type: "counters", counters: this.#counters() };
    if (state !== this.#state) yield { type: "state", state };
    this.#state = state;
  }

  #report(now: number, silent: boolean): void {
    const { framesPerSecond, load } = this.#meter.take(now);
    const time = this.#context.clock.now();
    this.#register.put(this.#frameRate, time, silent ? 0 : framesPerSecond, this.#sink);
    this.#register.put(this.#busLoad, time, silent ? 0 : load, this.#sink);
    this.#lastReport = now;
    this.#complain(now);
  }

  #complain(now: number): void {
    const { wrongChecksum, wrongLength } = this.#decoder.counters;
    if (wrongChecksum + wrongLength === this.#damagedTold || now < this.#nextComplaint) return;
    this.#damagedTold = wrongChecksum + wrongLength;
    this.#nextComplaint = now + COMPLAINT_MS;
    const { message, nextStep } = new CarportError("CAN_FRAMES_DAMAGED", this.#bus.name);
    this.#context.log.warn(`${message} ${nextStep}`, { wrongChecksum, wrongLength });
  }

  #identity(generation: LeafGeneration | undefined): DeviceOutput {
    this.#generation = generation;
    const model = generation === undefined ? "Leaf" : leafModels[generation];
    this.#context.log.info(`the car is a Nissan ${model}`);
    return { type: "identity", identity: { manufacturer: "Nissan", model } };
  }

  #counters(): Readonly<Record<string, number>> {
    const { received: _, ...bus } = this.#bus.counters;
    const polls = this.#poller?.counters;
    return {
      ...this.#decoder.counters,
      ...bus,
      samplesLost: this.#samplesLost,
      ...(polls && {
        pollsAsked: polls.asked,
        pollsAnswered: polls.answered,
        pollsFailed: polls.failed,
        otherTesterFrames: polls.otherTester,
      }),
    };
  }
}
