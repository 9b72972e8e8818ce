import { type BitReader, bitReader, bytesSpanned } from "../can/bits.ts";
import type { SignalRegister } from "../can/signal-register.ts";
import type { LeafGeneration } from "./generation.ts";
import type { Integrity } from "./integrity.ts";
import type { Field, Latest, LeafMessage, PlacedSource } from "./message.ts";

/** A field ready to run: no look-up by name, no allocation. */
export interface CompiledField {
  readonly slot: number;
  /** Slot of the signal this one also speaks for while that has no voice of its own; -1: none. */
  readonly insteadOf: number;
  /** Bytes it needs; a shorter frame does not have it. */
  readonly span: number;
  /** Undefined: always. */
  readonly applies: ((data: Uint8Array) => boolean) | undefined;
  /** NaN: not available. */
  readonly value: (data: Uint8Array) => number;
}

export interface CompiledMessage {
  readonly length: number;
  readonly integrity: Integrity | undefined;
  readonly counter: BitReader | undefined;
  /** Newest counter value; -1 before the first. */
  lastCount: number;
  readonly fields: readonly CompiledField[];
}

/** The messages of one generation by id. Without a generation: what is the same in all of them. */
export function compileMessages(
  messages: readonly LeafMessage[],
  generation: LeafGeneration | undefined,
  register: SignalRegister,
): readonly (CompiledMessage | undefined)[] {
  const compiled = new Array<CompiledMessage | undefined>(0x800).fill(undefined);
  for (const { id, length, integrity, counter, fields, generations } of messages) {
    if (!has(generations, generation)) continue;
    compiled[id] = {
      length,
      integrity,
      counter: counter && bitReader(counter),
      lastCount: -1,
      fields: compileFields(fields, generation, register),
    };
  }
  return compiled;
}

export function compileFields(
  fields: readonly Field[],
  generation: LeafGeneration | undefined,
  register: SignalRegister,
): readonly CompiledField[] {
  const latest: Latest = (key) => register.latest(key);
  return fields
    .filter((field) => has(field.generations, generation))
    .map(({ signal, source, insteadOf }) => {
      const slots = {
        slot: register.declare(signal),
        insteadOf: insteadOf === undefined ? -1 : register.slotOf(insteadOf),
      };
      if (!("at" in source)) {
        return { ...slots, span: 0, applies: undefined, value: (data) => source.value(data, latest) };
      }
      const states = signal.type === "enum" ? signal.states : undefined;
      return {
        ...slots,
        span: bytesSpanned(source.at),
        applies: condition(source),
        value: placedValue(source, states),
      };
    });
}

function has(generations: readonly LeafGeneration[] | undefined, generation: LeafGeneration | undefined): boolean {
  return generations === undefined || (generation !== undefined && generations.includes(generation));
}

function condition({ when }: PlacedSource): CompiledField["applies"] {
  if (when === undefined) return undefined;
  const read = bitReader(when.at);
  return (data) => read(data) === when.is;
}

function placedValue(source: PlacedSource, states: Readonly<Record<number, string>> | undefined) {
  const read = bitReader(source.at);
  const { codes, offset, unavailable } = source;
  if (codes !== undefined) return (data: Uint8Array) => codes.get(read(data)) ?? Number.NaN;
  if (states !== undefined) {
    return (data: Uint8Array) => {
      const raw = read(data);
      return raw in states ? raw : Number.NaN;
    };
  }
  // raw * scale + offset in this order yields 5.3 and not 5.300000000000001.
  const divisor = 1 / source.scale;
  const shift = offset * divisor;
  const [none, ...others] = unavailable;
  if (others.length > 0) {
    return (data: Uint8Array) => {
      const raw = read(data);
      return unavailable.includes(raw) ? Number.NaN : (raw + shift) / divisor;
    };
  }
  return (data: Uint8Array) => {
    const raw = read(data);
    return raw === none ? Number.NaN : (raw + shift) / divisor;
  };
}
