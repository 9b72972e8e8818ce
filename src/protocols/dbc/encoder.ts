import { type BitWriter, bitHalves, bitWriter } from "../can/bits.ts";
import type { DbcMessage, DbcSignal } from "./network.ts";

/** Physical values by signal name. */
export type DbcValues = Readonly<Record<string, number>>;

/**
 * Compiles the counterpart of the decoder, for simulators and tests: values to the data of a frame. Signals without a value
 * and those that the multiplexer does not select leave their bits 0; a value out of reach becomes the nearest one there is.
 */
export function dbcEncoder(message: DbcMessage): (values: DbcValues) => Uint8Array {
  const writers = message.signals.map((signal) => ({ signal, write: writerOf(signal) }));
  return (values) => {
    const data = new Uint8Array(message.length);
    for (const { signal, write } of writers) {
      const value = values[signal.name];
      if (value !== undefined && isSelected(signal, values)) write(data, rawOf(signal, value));
    }
    return data;
  };
}

function isSelected({ selection }: DbcSignal, values: DbcValues): boolean {
  for (let next = selection; next !== undefined; next = next.selector.selection) {
    const raw = rawOf(next.selector, values[next.selector.name] ?? next.selector.offset);
    if (!next.ranges.some(([from, to]) => raw >= from && raw <= to)) return false;
  }
  return true;
}

function rawOf(signal: DbcSignal, value: number): number {
  const { factor, offset, float, length, signed } = signal;
  const raw = factor === 0 ? 0 : (value - offset) / factor;
  if (float) return raw;
  const bits = signed ? length - 1 : length;
  // The greatest double within the field: one step below 2 ** bits.
  const greatest = 2 ** bits - 2 ** Math.max(0, bits - 53);
  return Math.min(Math.max(Math.round(raw), signed ? -(2 ** bits) : 0), greatest) + 0;
}

const scratch = new DataView(new ArrayBuffer(8));

function writerOf(signal: DbcSignal): BitWriter {
  if (!signal.float) return bitWriter(signal);
  if (signal.length === 32) {
    const write = bitWriter(signal);
    return (data, value) => {
      scratch.setFloat32(0, value);
      write(data, scratch.getUint32(0));
    };
  }
  const { upper, lower } = bitHalves(signal);
  const writeUpper = bitWriter(upper);
  const writeLower = bitWriter(lower);
  return (data, value) => {
    scratch.setFloat64(0, value);
    writeUpper(data, scratch.getUint32(0));
    writeLower(data, scratch.getUint32(4));
  };
}
