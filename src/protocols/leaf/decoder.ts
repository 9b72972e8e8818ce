import type { CanFrame } from "#domain/can-frame.ts";
import type { Signal } from "#domain/signal.ts";
import { type SampleSink, SignalRegister } from "../can/signal-register.ts";
import { type CompiledField, type CompiledMessage, compileMessages } from "./compile.ts";
import { DiagnosticListener } from "./diagnostic-listener.ts";
import { GenerationRecogniser, type LeafGeneration } from "./generation.ts";
import { isIntact } from "./integrity.ts";
import { messages } from "./messages.ts";
import { replies } from "./replies.ts";

/** While it is not known which Leaf this is, so many frames or ms are held back, to be read right afterwards. */
const HELD_FRAMES = 4096;
const HELD_MS = 2000;

const AWAKE_MS = 1000;

/** Time a signal has to be heard itself before another one speaks for it. */
const GRACE_MS = 2000;

/** Totals since the decoder was made. */
export interface LeafCounters {
  readonly frames: number;
  /** Frames that no table knows, and such as a Leaf never sends: 29-bit ids, remote, error and FD frames. */
  readonly unknown: number;
  readonly wrongLength: number;
  readonly wrongChecksum: number;
  /** Steps in a message's rolling counter: frames that were lost on the way or sent twice. */
  readonly sequenceSteps: number;
  /** Values that the car itself marked as not available. */
  readonly unavailable: number;
  /** Long diagnostic replies that were not whole. */
  readonly repliesDropped: number;
}

/**
 * Frames of a Nissan Leaf or e-NV200 to samples. Anything may be fed to it: what is damaged, unknown or not available is
 * counted and yields nothing. With `auto` the generation is told from the frames; until then frames are held back.
 */
export class LeafDecoder {
  readonly #register: SignalRegister;
  readonly #listener: DiagnosticListener;
  readonly #recogniser: GenerationRecogniser | undefined;
  /** By slot: signals that were heard themselves, so that their stand-ins step back. */
  readonly #hasOwnVoice: boolean[] = [];
  #generation: LeafGeneration | undefined;
  #messages: readonly (CompiledMessage | undefined)[];
  #held: CanFrame[] | undefined;
  #startTime = Number.NaN;
  #frames = 0;
  #unknown = 0;
  #wrongLength = 0;
  #wrongChecksum = 0;
  #sequenceSteps = 0;
  #unavailable = 0;

  /** `register`: where other sources of the same device keep their signals, too. */
  constructor(generation: LeafGeneration | "auto" = "auto", register = new SignalRegister()) {
    this.#register = register;
    for (const { fields } of [...messages, ...replies]) {
      for (const { signal } of fields) this.#register.declare(signal);
    }
    this.#listener = new DiagnosticListener(this.#register);
    if (generation === "auto") {
      this.#recogniser = new GenerationRecogniser();
      this.#held = [];
    } else {
      this.#generation = generation;
    }
    this.#messages = compileMessages(messages, this.#generation, this.#register);
  }

  /** Undefined while it is not known; what all generations have in common is decoded all the same. */
  get generation(): LeafGeneration | undefined {
    return this.#generation;
  }

  /** The signals seen so far. Samples refer to them by index; the list only grows. */
  get signals(): readonly Signal[] {
    return this.#register.signals;
  }

  get counters(): LeafCounters {
    return {
      frames: this.#frames,
      unknown: this.#unknown,
      wrongLength: this.#wrongLength,
      wrongChecksum: this.#wrongChecksum,
      sequenceSteps: this.#sequenceSteps,
      unavailable: this.#unavailable,
      repliesDropped: this.#listener.dropped,
    };
  }

  /**
   * Is the car awake at `time` (of the newest frame) without anyone asking it: switched on, or charging? Said by frames
   * of the last second, for a bus goes on a while after the car is off.
   */
  isAwake(time: number): boolean {
    const said = (key: string, ...values: readonly number[]) =>
      time - this.#register.latestTime(key) <= AWAKE_MS && values.includes(this.#register.latest(key));
    return said("vehicle_on", 1) || said("charging_state", 3, 4);
  }

  /** How often the car said that it had no value for a signal. */
  unavailable(key: string): number {
    return this.#register.unavailable(key);
  }

  decode(frame: CanFrame, sink: SampleSink): void {
    this.#frames++;
    if (this.#frames === 1) this.#startTime = frame.time;
    if (frame.extended || frame.fd || frame.type !== "data" || frame.id > 0x7ff) {
      this.#unknown++;
      return;
    }
    if (this.#recogniser !== undefined) {
      this.#recogniser.observe(frame.id, frame.length);
      if (this.#recogniser.generation !== this.#generation) this.#recognised(this.#recogniser.generation);
      if (this.#held !== undefined) {
        this.#hold(this.#held, frame, sink);
        return;
      }
    }
    this.#read(frame, sink);
  }

  /** Decodes what is held back, with what is known: at the end of a recording, and when the bus falls silent. */
  flush(sink: SampleSink): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const frame of held) this.#read(frame, sink);
  }

  #recognised(generation: LeafGeneration | undefined): void {
    this.#generation = generation;
    this.#messages = compileMessages(messages, generation, this.#register);
  }

  #hold(held: CanFrame[], frame: CanFrame, sink: SampleSink): void {
    held.push(frame);
    const since = frame.time - (held[0]?.time ?? frame.time);
    if (this.#generation !== undefined || held.length >= HELD_FRAMES || since < 0 || since > HELD_MS) this.flush(sink);
  }

  #read(frame: CanFrame, sink: SampleSink): void {
    const { id, time, data } = frame;
    const message = this.#messages[id];
    if (message === undefined) {
      const fields = this.#listener.accept(id, data, time);
      if (fields === undefined) this.#unknown++;
      else this.#emit(fields, this.#listener.reply, time, sink);
      return;
    }
    if (data.length < message.length || (message.integrity !== undefined && data.length !== message.length)) {
      this.#wrongLength++;
      return;
    }
    if (message.integrity !== undefined && !isIntact(message.integrity, id, data)) {
      this.#wrongChecksum++;
      return;
    }
    if (message.counter !== undefined) this.#follow(message, message.counter(data));
    this.#emit(message.fields, data, time, sink);
  }

  #follow(message: CompiledMessage, count: number): void {
    if (message.lastCount >= 0 && count !== ((message.lastCount + 1) & 3)) this.#sequenceSteps++;
    message.lastCount = count;
  }

  #emit(fields: readonly CompiledField[], data: Uint8Array, time: number, sink: SampleSink): void {
    for (const field of fields) {
      if (field.span > data.length || (field.applies !== undefined && !field.applies(data))) continue;
      const value = field.value(data);
      const known = !Number.isNaN(value);
      if (!known) this.#unavailable++;
      this.#register.put(field.slot, time, value, sink);
      if (field.insteadOf < 0) this.#hasOwnVoice[field.slot] ||= known;
      else if (!this.#hasOwnVoice[field.insteadOf] && time > this.#startTime + GRACE_MS) {
        this.#register.put(field.insteadOf, time, value, sink);
      }
    }
  }
}
