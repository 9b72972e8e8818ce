import { type BitField, type BitWriter, bitWriter } from "#protocols/can/bits.ts";
import { seal } from "#protocols/leaf/integrity.ts";
import type { Field, LeafMessage, PlacedSource } from "#protocols/leaf/message.ts";
import type { Car } from "./car.ts";
import { sensors } from "./sensors.ts";

/** Turns what a car's sensors read into data, by the same places that the decoder reads from. */
export class FieldEncoder {
  readonly #car: Car;
  readonly #sensor: (car: Car) => number;
  readonly #source: PlacedSource;
  readonly #write: BitWriter;
  readonly #lowest: number;
  readonly #highest: number;

  constructor(car: Car, sensor: (car: Car) => number, source: PlacedSource) {
    const { length, signed } = source.at;
    this.#car = car;
    this.#sensor = sensor;
    this.#source = source;
    this.#write = bitWriter(source.at);
    this.#lowest = signed ? -(2 ** (length - 1)) : 0;
    this.#highest = 2 ** (signed ? length - 1 : length) - 1;
  }

  /** The bits that have to have a value for this field to be there. */
  get when(): PlacedSource["when"] {
    return this.#source.when;
  }

  get hasValue(): boolean {
    return !Number.isNaN(this.#sensor(this.#car));
  }

  write(data: Uint8Array): void {
    const value = this.#sensor(this.#car);
    const { scale, offset, unavailable } = this.#source;
    const raw = Number.isNaN(value) ? (unavailable[0] ?? 0) : Math.round((value - offset) / scale);
    this.#write(data, Math.max(this.#lowest, Math.min(this.#highest, raw)));
  }
}

/** Encoders for those fields of a message that the car has a sensor for. */
export function fieldEncoders(car: Car, fields: readonly Field[]): readonly FieldEncoder[] {
  return fields.flatMap(({ signal, source, generations }) => {
    const sensor = sensors[signal.key];
    const ours = generations?.includes(car.generation) ?? true;
    return sensor !== undefined && ours && "at" in source ? [new FieldEncoder(car, sensor, source)] : [];
  });
}

interface Multiplexer {
  readonly at: BitField;
  readonly write: BitWriter;
  readonly values: readonly number[];
}

const samePlace = (a: BitField, b: BitField): boolean => a.start === b.start && a.length === b.length;

function multiplexersOf(fields: readonly FieldEncoder[]): readonly Multiplexer[] {
  const found: { at: BitField; values: Set<number> }[] = [];
  for (const { when, hasValue } of fields) {
    if (when === undefined || !hasValue) continue;
    const known = found.find(({ at }) => samePlace(at, when.at));
    if (known === undefined) found.push({ at: when.at, values: new Set([when.is]) });
    else known.values.add(when.is);
  }
  return found.map(({ at, values }) => ({ at, write: bitWriter(at), values: [...values] }));
}

/** Makes the frames of one message: values, multiplexers in turn, rolling counter, checksum. */
export class MessageEncoder {
  readonly #message: LeafMessage;
  readonly #length: number;
  readonly #fields: readonly FieldEncoder[];
  readonly #multiplexers: readonly Multiplexer[];
  readonly #counter: BitWriter | undefined;
  #sent = 0;

  constructor(message: LeafMessage, length: number, car: Car) {
    this.#message = message;
    this.#length = length;
    this.#fields = fieldEncoders(car, message.fields);
    this.#multiplexers = multiplexersOf(this.#fields);
    this.#counter = message.counter && bitWriter(message.counter);
  }

  /** Data of the next frame. `fill`: bytes that no field of the tables has, by how many frames went before. */
  next(fill?: (data: Uint8Array, sent: number) => void): Uint8Array {
    const data = new Uint8Array(this.#length);
    fill?.(data, this.#sent);
    for (const { write, values } of this.#multiplexers) write(data, values[this.#sent % values.length] ?? 0);
    for (const field of this.#fields) {
      if (this.#isSelected(field.when)) field.write(data);
    }
    this.#counter?.(data, this.#sent & 3);
    if (this.#message.integrity !== undefined) seal(this.#message.integrity, this.#message.id, data);
    this.#sent++;
    return data;
  }

  #isSelected(when: PlacedSource["when"]): boolean {
    if (when === undefined) return true;
    const multiplexer = this.#multiplexers.find(({ at }) => samePlace(at, when.at));
    return multiplexer !== undefined && multiplexer.values[this.#sent % multiplexer.values.length] === when.is;
  }
}
