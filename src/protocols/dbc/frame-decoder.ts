import type { CanFrame } from "#domain/can-frame.ts";
import type { Signal } from "#domain/signal.ts";
import { type SampleSink, SignalRegister } from "../can/signal-register.ts";
import { compileDbc, type DbcDecoder } from "./decoder.ts";
import type { DbcNetwork } from "./network.ts";
import { dbcSignals } from "./signals.ts";

/** Totals since the decoder was made. */
export interface DbcCounters {
  readonly frames: number;
  /** Frames that the file does not describe, and such as carry no data: remote and error frames. */
  readonly unknown: number;
  /** Frames shorter than the file says: what is missing has no value. */
  readonly tooShort: number;
  /** Values that the car itself marked as not available. */
  readonly unavailable: number;
}

/** Frames of any car to samples, by its DBC file. Anything may be fed to it. */
export class DbcFrameDecoder {
  readonly #decoder: DbcDecoder;
  readonly #register: SignalRegister;
  /** Slot in the register by index of the decoder. */
  readonly #slots: Uint16Array;
  readonly #lengths: ReadonlyMap<number, number>;
  #frames = 0;
  #unknown = 0;
  #tooShort = 0;
  #unavailable = 0;

  /** `register`: where other sources of the same device keep their signals, too. */
  constructor(network: DbcNetwork, register = new SignalRegister()) {
    this.#register = register;
    this.#decoder = compileDbc(network);
    this.#slots = Uint16Array.from(dbcSignals(network), (signal) => register.declare(signal));
    this.#lengths = new Map(network.messages.map(({ id, extended, length }) => [key(id, extended), length]));
  }

  /** The signals seen so far. Samples refer to them by index; the list only grows. */
  get signals(): readonly Signal[] {
    return this.#register.signals;
  }

  get counters(): DbcCounters {
    return {
      frames: this.#frames,
      unknown: this.#unknown,
      tooShort: this.#tooShort,
      unavailable: this.#unavailable,
    };
  }

  /** How often the car said that it had no value for a signal. */
  unavailable(key: string): number {
    return this.#register.unavailable(key);
  }

  decode({ id, extended, type, time, data }: CanFrame, sink: SampleSink): void {
    this.#frames++;
    const length = type === "data" ? this.#lengths.get(key(id, extended)) : undefined;
    if (length === undefined) {
      this.#unknown++;
      return;
    }
    if (data.length < length) this.#tooShort++;
    const { index, values } = this.#decoder;
    const rows = this.#decoder.decode(id, extended, data);
    for (let row = 0; row < rows; row++) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) this.#unavailable++;
      this.#register.put(this.#slots[index[row] ?? 0] ?? 0, time, value, sink);
    }
  }
}

const key = (id: number, extended: boolean): number => (extended ? -1 - id : id);
