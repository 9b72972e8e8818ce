import { type SignalKey, signalKey } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import { type BitField, bitField } from "../can/bits.ts";
import type { LeafGeneration } from "./generation.ts";
import type { Integrity } from "./integrity.ts";

/** Where messages keep their rolling counter. */
export const prunInByte4 = bitField("39|2@0+");
export const prunInByte6 = bitField("49|2@0+");
export const prunInByte7 = bitField("61|2@0+");

/** One CAN message of the car and what its data means. */
export interface LeafMessage {
  readonly id: number;
  /** Shortest length any car sends it with; exactly this where a checksum ends the data. A shorter frame is damaged. */
  readonly length: number;
  readonly integrity?: Integrity;
  /** Two bits that count up with each frame (Nissan's PRUN): a step shows frames lost or repeated. */
  readonly counter?: BitField;
  /** Cars whose message this is; left out: all. The same id can mean something else in another car. */
  readonly generations?: readonly LeafGeneration[];
  readonly fields: readonly Field[];
}

/** Newest value of a signal; NaN while there is none. */
export type Latest = (key: string) => number;

/** A signal and where its value stands in the data. */
export interface Field {
  readonly signal: Signal;
  readonly generations?: readonly LeafGeneration[];
  /** Speaks for this signal as well on a bus where nothing better does. */
  readonly insteadOf?: SignalKey;
  readonly source: PlacedSource | ComputedSource;
}

export interface PlacedSource {
  readonly at: BitField;
  readonly scale: number;
  readonly offset: number;
  /** Raw values by which the car says that it has no value. */
  readonly unavailable: readonly number[];
  /** Multiplexer: the value is this signal's only when these bits have this value. */
  readonly when?: { readonly at: BitField; readonly is: number };
  /** Raw value to the signal's code, where they differ. Any other raw value is not available. */
  readonly codes?: ReadonlyMap<number, number>;
}

export interface ComputedSource {
  /** In the signal's unit; NaN when not available. */
  readonly value: (data: Uint8Array, latest: Latest) => number;
}

interface FieldOptions {
  readonly generations?: readonly LeafGeneration[];
  readonly insteadOf?: string;
}

interface PlaceOptions extends FieldOptions {
  readonly unavailable?: readonly number[];
  /** Where it is coarser than the signal's own step. */
  readonly scale?: number;
  readonly when?: readonly [place: string, is: number];
  readonly codes?: Readonly<Record<number, number>>;
}

/** A field at a place in DBC notation (`7|11@0-`); scale and offset are those of its signal unless said otherwise. */
export function at(place: string | BitField, signal: Signal, options: PlaceOptions = {}): Field {
  const { unavailable = [], when, codes } = options;
  const { scale, offset } = (signal.type === "number" ? signal.quantum : undefined) ?? { scale: 1, offset: 0 };
  return {
    signal,
    ...common(options),
    source: {
      at: typeof place === "string" ? bitField(place) : place,
      scale: options.scale ?? scale,
      offset,
      unavailable,
      ...(when && { when: { at: bitField(when[0]), is: when[1] } }),
      ...(codes && { codes: new Map(Object.entries(codes).map(([raw, code]) => [Number(raw), code])) }),
    },
  };
}

/** A field whose value takes more than one place, or another signal, to tell. */
export function computed(signal: Signal, value: ComputedSource["value"], options: FieldOptions = {}): Field {
  return { signal, ...common(options), source: { value } };
}

function common({ generations, insteadOf }: FieldOptions): Pick<Field, "generations" | "insteadOf"> {
  return {
    ...(generations && { generations }),
    ...(insteadOf !== undefined && { insteadOf: signalKey(insteadOf) }),
  };
}

/** Bytes of a diagnostic reply, big-endian, as a place. */
export function bytes(offset: number, count: number, signed: "signed" | "unsigned" = "unsigned"): BitField {
  return { start: offset * 8 + 7, length: count * 8, byteOrder: "big", signed: signed === "signed" };
}
