import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { readIntervals, writeIntervals } from "./integers.ts";
import { ColumnEncoder, type ColumnHead, type Quantum, readColumn, readColumnHead } from "./values.ts";

export interface Column {
  readonly values: Float64Array;
  readonly quantum: Quantum | undefined;
}

/** Columns that share their times, as the signals of one CAN frame do: the times are kept once. */
export interface EncodedBundle {
  /** Length of the times, then each column's packing, statistics and length. */
  readonly head: Uint8Array;
  /** The times, then the columns; not yet compressed. */
  readonly body: Uint8Array;
}

export class BundleEncoder {
  readonly #head = new ByteWriter();
  readonly #body = new ByteWriter();
  readonly #column = new ColumnEncoder();

  /**
   * `times` are integers of ms in any order, at least one; each column has as many values. The result is only good until
   * the next call.
   */
  encode(times: Float64Array, columns: readonly Column[]): EncodedBundle {
    this.#head.length = 0;
    this.#body.length = 0;
    writeIntervals(this.#body, times);
    this.#head.varint(this.#body.length);
    for (const { values, quantum } of columns) this.#column.write(values, quantum, this.#head, this.#body);
    return { head: this.#head.view(), body: this.#body.view() };
  }
}

/** A bundle's head, read up to the columns that are wanted. */
export class BundleHead {
  readonly timesLength: number;
  readonly #reader: ByteReader;
  readonly #count: number;
  readonly #columns: ColumnHead[] = [];
  readonly #starts: number[] = [];
  #end: number;

  constructor(head: Uint8Array, count: number) {
    this.#reader = new ByteReader(head);
    this.#count = count;
    this.timesLength = this.#reader.varint();
    this.#end = this.timesLength;
  }

  column(index: number): ColumnHead {
    for (;;) {
      const known = this.#columns[index];
      if (known !== undefined) return known;
      const next = readColumnHead(this.#reader, this.#count);
      this.#columns.push(next);
      this.#starts.push(this.#end);
      this.#end += next.length;
    }
  }

  /** Bytes of the body up to the end of the last column read. */
  get bodyLength(): number {
    return this.#end;
  }

  decodeTimes(body: Uint8Array, first: number): Float64Array {
    const times = new Float64Array(this.#count);
    readIntervals(body.subarray(0, this.timesLength), first, times);
    return times;
  }

  decodeColumn(body: Uint8Array, index: number): Float64Array {
    const head = this.column(index);
    const start = this.#starts[index] ?? 0;
    const values = new Float64Array(this.#count);
    readColumn(head, body.subarray(start, start + head.length), values);
    return values;
  }
}
