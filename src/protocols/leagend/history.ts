import { BLOCK, type Model } from "./model.ts";
import { plausibleCharge, plausibleTemperature, plausibleVoltage } from "./reading.ts";

/** One stored value. The sensor keeps one every two minutes. */
export interface HistoryRecord {
  /** V. */
  readonly voltage: number;
  /** °C, BM6 and BM7. */
  readonly temperature?: number;
  /** %, BM6 and BM7. */
  readonly stateOfCharge?: number;
  /** V, BM2: the lowest while cranking; absent where none was measured. */
  readonly crankVoltage?: number;
  /** The sensor's event nibble; 0 is none. What the others mean is not proven. */
  readonly event: number;
}

export interface History {
  /** Newest first, whatever order the model sends. `undefined` keeps the place of a record that was damaged or empty. */
  readonly records: readonly (HistoryRecord | undefined)[];
  /** Records and blocks that made no sense. */
  readonly discarded: number;
}

/** Distance between two records. */
export const RECORD_INTERVAL_MS = 120_000;

// More than any of the models is known to hold; a sensor that never ends is cut off.
const MOST_RECORDS = 65_536;

/**
 * Collects the answer to `readHistory` from decrypted blocks, in order of arrival. Live packets in between are skipped.
 * Pure state: the owner limits the waiting and decides what an unfinished answer is worth.
 */
export class HistoryReader {
  readonly #model: Model;
  readonly #records: (HistoryRecord | undefined)[] = [];
  #discarded = 0;
  #done = false;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Records taken so far, empty ones included. */
  get count(): number {
    return this.#records.length;
  }

  /** Takes one or more 16-byte blocks; true once the trailer was seen. */
  push(blocks: Uint8Array): boolean {
    for (let at = 0; at + BLOCK <= blocks.length && !this.#done; at += BLOCK)
      this.#block(blocks.subarray(at, at + BLOCK));
    return this.#done;
  }

  /** What was understood. Before the trailer it is the part that arrived: with BM6 and BM7 that is the newest. */
  result(): History {
    const records = this.#model === "BM2" ? this.#records.toReversed() : [...this.#records];
    return { records, discarded: this.#discarded };
  }

  #block(block: Uint8Array): void {
    const kind = frameKind(this.#model, block);
    if (kind === "start" || kind === "live") return;
    for (let at = 0; at < BLOCK; at += 4) {
      // The trailer may follow the last record within its block.
      if (isTrailer(block, at) || this.#records.length === MOST_RECORDS) {
        this.#done = true;
        this.#dropPadding(block.subarray(at + 3, at + 6));
        return;
      }
      this.#record(block, at);
    }
  }

  /** Zeros fill the last block up. Only the trailer's length tells them from an empty record: the records' bytes and nine. */
  #dropPadding([high = 0, middle = 0, low = 0]: Uint8Array): void {
    const told = (((high << 16) | (middle << 8) | low) - 9) / 4;
    if (Number.isInteger(told) && told >= 0 && told < this.#records.length) this.#records.length = told;
  }

  #record(block: Uint8Array, at: number): void {
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = block.subarray(at, at + 4);
    if ((b0 | b1 | b2 | b3) === 0) {
      this.#records.push(undefined);
      return;
    }
    const record = this.#model === "BM2" ? record2(b0, b1, b2, b3) : record67(b0, b1, b2, b3);
    if (record === undefined) this.#discarded++;
    this.#records.push(record);
  }
}

/**
 * When each record was taken. The newest belongs to the last even (BM2: odd) minute before `now`.
 * @param index position, newest first
 * @param now UTC ms of the read-out
 */
export function recordTime(model: Model, index: number, now: number): number {
  const phase = model === "BM2" ? RECORD_INTERVAL_MS / 2 : 0;
  const newest = Math.floor((now - phase) / RECORD_INTERVAL_MS) * RECORD_INTERVAL_MS + phase;
  return newest - index * RECORD_INTERVAL_MS;
}

/** BM2's answer to `countHistory`: how many records it holds; undefined for another block. */
export function historyCount(block: Uint8Array): number | undefined {
  const [head, b1 = 0, b2 = 0, b3 = 0] = block;
  if (head !== 0xe7) return undefined;
  return (b1 << 16) | (b2 << 8) | b3;
}

function frameKind(model: Model, block: Uint8Array): "start" | "live" | "data" {
  const [b0, b1, b2] = block;
  if (b0 === 0xff && b1 === 0xff && b2 === 0xfe) return "start";
  // No record begins like a command: 0xd15 would be 33.49 V, 0xf5x 39 V.
  if (model === "BM2") return b0 === 0xf5 || b0 === 0xe7 ? "live" : "data";
  if (b0 === 0xd1 && b1 === 0x55) return b2 === 0x05 ? "start" : "live";
  return "data";
}

/** FF FE FE and a length; FE FE FE alone when there is nothing at all. */
const isTrailer = (block: Uint8Array, at: number): boolean =>
  (block[at] === 0xff || block[at] === 0xfe) && block[at + 1] === 0xfe && block[at + 2] === 0xfe;

/** Nibbles `vvv ss tt p`. */
function record67(b0: number, b1: number, b2: number, b3: number): HistoryRecord | undefined {
  const voltage = ((b0 << 4) | (b1 >> 4)) / 100;
  const stateOfCharge = ((b1 & 0x0f) << 4) | (b2 >> 4);
  const temperature = ((b2 & 0x0f) << 4) | (b3 >> 4);
  if (!plausibleVoltage(voltage) || !plausibleCharge(stateOfCharge) || !plausibleTemperature(temperature))
    return undefined;
  return { voltage, stateOfCharge, temperature, event: b3 & 0x0f };
}

/** Nibbles `vvv k mmm p`. */
function record2(b0: number, b1: number, b2: number, b3: number): HistoryRecord | undefined {
  const voltage = ((b0 << 4) | (b1 >> 4)) / 100;
  const crank = ((b2 << 4) | (b3 >> 4)) / 100;
  if (!plausibleVoltage(voltage)) return undefined;
  const event = b3 & 0x0f;
  // A crank pulls the voltage down: what lies above it, or is zero, was no measurement.
  return crank > 0 && crank <= voltage ? { voltage, crankVoltage: crank, event } : { voltage, event };
}
