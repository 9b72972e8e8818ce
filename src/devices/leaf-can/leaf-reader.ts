import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import type { DeviceIdentity } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { type SampleSink, SignalRegister } from "#protocols/can/signal-register.ts";
import { LeafDecoder } from "#protocols/leaf/decoder.ts";
import { type LeafGeneration, leafModels } from "#protocols/leaf/generation.ts";
import { DiagnosticPoller } from "#protocols/leaf/poller.ts";
import { ReadGate } from "#protocols/leaf/reads.ts";
import type { BusReader } from "../can-session.ts";
import type { LeafCanSettings } from "./settings.ts";

/** Polls stop this long after the last frame, well before the car counts as asleep. */
const POLL_SILENCE_MS = 500;
/** A bad wire spoils frames for hours: it is told this often at most. */
const COMPLAINT_MS = 3_600_000;

/** Listens to a Leaf, and asks it where the bus lets it send. */
export class LeafReader implements BusReader {
  readonly register = new SignalRegister();
  identity: DeviceIdentity | undefined;
  readonly #busName: string;
  readonly #log: Log;
  readonly #decoder: LeafDecoder;
  readonly #poller: DiagnosticPoller | undefined;
  #generation: LeafGeneration | undefined;
  #newestFrame = Number.NaN;
  #damagedTold = 0;
  #nextComplaint = Number.NEGATIVE_INFINITY;

  constructor({ generation, pollSeconds }: LeafCanSettings, { name, send }: CanBus, log: Log) {
    this.#busName = name;
    this.#log = log;
    this.#decoder = new LeafDecoder(generation, this.register);
    if (send !== undefined) this.#poller = new DiagnosticPoller(new ReadGate(send), pollSeconds * 1000);
  }

  get counters(): Readonly<Record<string, number>> {
    const polls = this.#poller?.counters;
    return {
      ...this.#decoder.counters,
      ...(polls && {
        pollsAsked: polls.asked,
        pollsAnswered: polls.answered,
        pollsFailed: polls.failed,
        otherTesterFrames: polls.otherTester,
      }),
    };
  }

  read(frame: CanFrame, now: number, sink: SampleSink): void {
    this.#decoder.decode(frame, sink);
    this.#poller?.hear(frame, now);
    this.#newestFrame = frame.time;
    if (this.#decoder.generation !== this.#generation) this.#recognised(this.#decoder.generation);
  }

  turn(now: number, quietFor: number): void {
    this.#poller?.tick(now, quietFor < POLL_SILENCE_MS && this.#decoder.isAwake(this.#newestFrame));
    this.#complain(now);
  }

  rest(sink: SampleSink): void {
    this.#decoder.flush(sink);
  }

  #complain(now: number): void {
    const { wrongChecksum, wrongLength } = this.#decoder.counters;
    if (wrongChecksum + wrongLength === this.#damagedTold || now < this.#nextComplaint) return;
    this.#damagedTold = wrongChecksum + wrongLength;
    this.#nextComplaint = now + COMPLAINT_MS;
    const { message, nextStep } = new CarportError("CAN_FRAMES_DAMAGED", this.#busName);
    this.#log.warn(`${message} ${nextStep}`, { wrongChecksum, wrongLength });
  }

  #recognised(generation: LeafGeneration | undefined): void {
    this.#generation = generation;
    const model = generation === undefined ? "Leaf" : leafModels[generation];
    this.identity = { manufacturer: "Nissan", model };
    this.#log.info(`the car is a Nissan ${model}`);
  }
}
