import { type BitReader, bitHalves, bitReader, bytesSpanned } from "../can/bits.ts";
import { type DbcEntry, type DbcNetwork, type DbcSelection, type DbcSignal, dbcEntries } from "./network.ts";
import { readingOf } from "./reading.ts";

/** A signal, ready to be read. One shape for all: this is the hot path. */
interface Field {
  readonly index: number;
  /** Bytes the frame must have. */
  readonly needs: number;
  readonly read: BitReader;
  readonly factor: number;
  readonly offset: number;
  /** Raw values that mean "not available". */
  readonly unavailable: readonly number[];
  /** What its value selects. */
  readonly branches: readonly Branch[];
}

interface Branch {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly fields: readonly Field[];
}

const STANDARD_IDS = 0x800;

/**
 * Decodes frames into `index` and `values`. Compiled to closures over places and scales: 5 million frames/s on the machine
 * where generated code did 20 million, and two full 500 kbit/s buses carry 9,009.
 */
export class DbcDecoder {
  /** What an index means: the signals of the network in the order of its file. */
  readonly entries: readonly DbcEntry[];
  /** Row i of the last frame: `entries[index[i]]` had `values[i]`. Overwritten by the next one. */
  readonly index: Uint16Array;
  /** Physical values. NaN: the frame says that there is none ("not available", a float that is no number). */
  readonly values: Float64Array;
  readonly #standard: readonly (readonly Field[] | undefined)[];
  readonly #extended: ReadonlyMap<number, readonly Field[]>;
  /** Groups of fields still to be read. */
  readonly #open: (readonly Field[])[] = [];

  constructor(
    entries: readonly DbcEntry[],
    rows: number,
    standard: readonly (readonly Field[] | undefined)[],
    extended: ReadonlyMap<number, readonly Field[]>,
  ) {
    this.entries = entries;
    this.index = new Uint16Array(rows);
    this.values = new Float64Array(rows);
    this.#standard = standard;
    this.#extended = extended;
  }

  /**
   * The number of rows written: none for an id that the network does not have. Signals that the frame is too short for, or
   * that its multiplexer does not select, have no row. Exact where a double can hold the raw value, else the nearest.
   */
  decode(id: number, extended: boolean, data: Uint8Array): number {
    const message = extended ? this.#extended.get(id) : this.#standard[id];
    if (message === undefined) return 0;
    const { index, values } = this;
    const open = this.#open;
    const length = data.length;
    let count = 0;
    for (let fields: readonly Field[] | undefined = message; fields !== undefined; fields = open.pop()) {
      for (const field of fields) {
        if (length < field.needs) continue;
        const raw = field.read(data);
        index[count] = field.index;
        values[count++] = field.unavailable.includes(raw) ? Number.NaN : raw * field.factor + field.offset;
        for (const branch of field.branches) if (selects(branch, raw)) open.push(branch.fields);
      }
    }
    return count;
  }
}

function selects({ ranges }: Branch, raw: number): boolean {
  for (const range of ranges) if (raw >= range[0] && raw <= range[1]) return true;
  return false;
}

/** Prepares everything that decoding a frame needs. */
export function compileDbc(network: DbcNetwork): DbcDecoder {
  const entries = dbcEntries(network);
  const standard = Array.from<readonly Field[] | undefined>({ length: STANDARD_IDS });
  const extended = new Map<number, readonly Field[]>();
  let first = 0;
  let rows = 0;
  for (const message of network.messages) {
    const fields = fieldsOf(message.signals, first);
    first += message.signals.length;
    rows = Math.max(rows, message.signals.length);
    if (message.extended) extended.set(message.id, fields);
    else standard[message.id] = fields;
  }
  return new DbcDecoder(entries, rows, standard, extended);
}

/** The signals that are always present, with the others below those that select them. */
function fieldsOf(signals: readonly DbcSignal[], first: number): Field[] {
  const roots: Field[] = [];
  const branches = new Map(signals.map((signal) => [signal, new Branches()]));
  signals.forEach((signal, at) => {
    const field: Field = {
      index: first + at,
      needs: bytesSpanned(signal),
      read: signal.float ? floatReader(signal) : bitReader(signal),
      factor: signal.factor,
      offset: signal.offset,
      unavailable: readingOf(signal).unavailable,
      branches: branches.get(signal)?.all ?? [],
    };
    if (signal.selection === undefined) roots.push(field);
    else branches.get(signal.selection.selector)?.add(signal.selection, field);
  });
  return roots;
}

/** What one multiplexer selects. */
class Branches {
  readonly all: Branch[] = [];
  readonly #fields = new Map<string, Field[]>();

  add({ ranges }: DbcSelection, field: Field): void {
    const key = String(ranges);
    const fields = this.#fields.get(key);
    if (fields !== undefined) {
      fields.push(field);
      return;
    }
    const added = [field];
    this.#fields.set(key, added);
    this.all.push({ ranges, fields: added });
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** NaN for what is not a finite number. */
function floatReader(signal: DbcSignal): BitReader {
  if (signal.length === 32) {
    const bits = bitReader({ ...signal, signed: false });
    return (data) => {
      scratch.setUint32(0, bits(data));
      return finite(scratch.getFloat32(0));
    };
  }
  const { upper, lower } = bitHalves({ ...signal, signed: false });
  const upperBits = bitReader(upper);
  const lowerBits = bitReader(lower);
  return (data) => {
    scratch.setUint32(0, upperBits(data));
    scratch.setUint32(4, lowerBits(data));
    return finite(scratch.getFloat64(0));
  };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
