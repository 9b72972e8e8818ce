import type { CanFrame } from "#domain/can-frame.ts";
import type { Signal } from "#domain/signal.ts";
import type { SampleSink } from "#protocols/can/signal-register.ts";
import { DbcFrameDecoder } from "#protocols/dbc/frame-decoder.ts";
import { type DbcNetwork, dbcEntries } from "#protocols/dbc/network.ts";
import { dbcSignals } from "#protocols/dbc/signals.ts";
import { LeafDecoder } from "#protocols/leaf/decoder.ts";
import { type LeafGeneration, leafModels } from "#protocols/leaf/generation.ts";
import { messages } from "#protocols/leaf/messages.ts";
import { ecus } from "#protocols/leaf/reads.ts";
import { replies } from "#protocols/leaf/replies.ts";

/** A decoder as the command line sees it. */
export interface FrameDecoder {
  /** Samples refer to these by index. */
  readonly signals: readonly Signal[];
  readonly counters: Readonly<Record<string, number>>;
  decode(frame: CanFrame, sink: SampleSink): void;
  /** At the end of the recording. */
  flush(sink: SampleSink): void;
  unavailable(key: string): number;
  /** Every signal it knows, with the frames it can come from, as `frameId` writes them. */
  sources(): readonly SignalSource[];
  /** What it takes the car for, as far as it is known by now. */
  readonly decodesAs: string | undefined;
}

export interface SignalSource {
  readonly signal: Signal;
  readonly frames: readonly string[];
}

/** `1DB`, `18FF50E5`: as many digits as tell the two formats apart. */
export function frameId(id: number, extended: boolean): string {
  return id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, "0");
}

export function leafDecoder(generation: LeafGeneration | "auto"): FrameDecoder {
  const decoder = new LeafDecoder(generation);
  return {
    get signals() {
      return decoder.signals;
    },
    get counters() {
      return { ...decoder.counters };
    },
    get decodesAs() {
      return decoder.generation && leafModels[decoder.generation];
    },
    decode: (frame, sink) => decoder.decode(frame, sink),
    flush: (sink) => decoder.flush(sink),
    unavailable: (key) => decoder.unavailable(key),
    sources: leafSources,
  };
}

function leafSources(): readonly SignalSource[] {
  const frames = new Map<string, Set<string>>();
  const signals = new Map<string, Signal>();
  const carriers = [
    ...messages.map(({ id, fields }) => ({ id, fields })),
    ...replies.map(({ ecu, fields }) => ({ id: ecus[ecu].reply, fields })),
  ];
  for (const { id, fields } of carriers) {
    for (const { signal, insteadOf } of fields) {
      if (!signals.has(signal.key)) signals.set(signal.key, signal);
      for (const key of [signal.key, insteadOf]) {
        if (key === undefined) continue;
        frames.set(key, (frames.get(key) ?? new Set()).add(frameId(id, false)));
      }
    }
  }
  return [...signals].map(([key, signal]) => ({ signal, frames: [...(frames.get(key) ?? [])] }));
}

/** `name`: of the file, for the report. */
export function dbcDecoder(network: DbcNetwork, name: string): FrameDecoder {
  const decoder = new DbcFrameDecoder(network);
  return {
    get signals() {
      return decoder.signals;
    },
    get counters() {
      return { ...decoder.counters };
    },
    decodesAs: name,
    decode: (frame, sink) => decoder.decode(frame, sink),
    flush: () => undefined,
    unavailable: (key) => decoder.unavailable(key),
    sources: () => {
      const entries = dbcEntries(network);
      return dbcSignals(network).map((signal, index) => {
        const message = entries[index]?.message;
        return { signal, frames: message === undefined ? [] : [frameId(message.id, message.extended)] };
      });
    },
  };
}
