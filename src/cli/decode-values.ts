import type { CanLogReader, CanLogTimeBase } from "#domain/can-log.ts";
import type { Signal } from "#domain/signal.ts";
import { microseconds, seconds } from "#protocols/can/logs/times.ts";
import type { SampleSink } from "#protocols/can/signal-register.ts";
import type { FrameDecoder } from "./decode-signals.ts";

/** `2023-11-14T22:13:20.000013Z`; of a recording without UTC its own seconds, `-` where it has none. */
export function timeText(time: number, base: CanLogTimeBase): string {
  if (base === "none") return "-";
  if (base === "relative") return seconds(time);
  const micro = microseconds(time);
  const withinSecond = String(((micro % 1e6) + 1e6) % 1e6).padStart(6, "0");
  return `${new Date(Math.floor(micro / 1e6) * 1000).toISOString().slice(0, 19)}.${withinSecond}Z`;
}

/** `387.5 V`, `yes`, `park`; a code without a name stays a number. */
export function valueText(signal: Signal, value: number): string {
  switch (signal.type) {
    case "boolean":
      return value === 0 ? "no" : "yes";
    case "enum":
      return signal.states[value] ?? String(value);
    case "number":
      return signal.unit === undefined ? numberText(value) : `${numberText(value)} ${signal.unit}`;
    default:
      return signal satisfies never;
  }
}

/** Six digits behind the point at most, without zeros that say nothing. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(6)));
}

/** Writes one line per sample, as text or as JSON. */
export class LineSink implements SampleSink {
  readonly #decoder: FrameDecoder;
  readonly #reader: CanLogReader;
  readonly #json: boolean;
  #lines = "";
  /** All samples of a frame have its time. */
  #time = Number.NaN;
  #timeText = "";

  constructor(decoder: FrameDecoder, reader: CanLogReader, json: boolean) {
    this.#decoder = decoder;
    this.#reader = reader;
    this.#json = json;
  }

  add(index: number, time: number, value: number): void {
    const signal = this.#decoder.signals[index];
    if (signal === undefined) return;
    if (time !== this.#time) {
      this.#time = time;
      this.#timeText = timeText(time, this.#reader.timeBase);
    }
    this.#lines += this.#json
      ? jsonLine(this.#timeText, signal, value)
      : `${this.#timeText} ${signal.key} ${valueText(signal, value)}\n`;
  }

  /** The lines since the last time. */
  take(): string {
    const lines = this.#lines;
    this.#lines = "";
    return lines;
  }
}

function jsonLine(time: string, signal: Signal, value: number): string {
  const unit = signal.type === "number" && signal.unit !== undefined ? { unit: signal.unit } : {};
  const state = signal.type === "enum" ? { state: signal.states[value] ?? null } : {};
  return `${JSON.stringify({ time, signal: signal.key, value, ...unit, ...state })}\n`;
}
