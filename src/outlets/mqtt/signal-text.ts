import type { Signal } from "#domain/signal.ts";

/** What Home Assistant shows as unknown. */
export const UNKNOWN = "None";

/** A sample as it stands on its topic: `62.5`, `ON`, the name of a state, `None` for a code without a name. */
export function signalText(signal: Signal, value: number): string {
  switch (signal.type) {
    case "number":
      return String(rounded(value, signal.precision));
    case "boolean":
      return value === 0 ? "OFF" : "ON";
    case "enum":
      return signal.states[value] ?? UNKNOWN;
  }
}

/** The same for JSON. */
export function signalValue(signal: Signal, value: number): number | boolean | string | null {
  switch (signal.type) {
    case "number":
      return rounded(value, signal.precision);
    case "boolean":
      return value !== 0;
    case "enum":
      return signal.states[value] ?? null;
  }
}

// Adding 0 turns -0 into 0.
const rounded = (value: number, precision: number): number => Number(value.toFixed(precision)) + 0;

/** UTC ms as ISO 8601; undefined where no calendar reaches. */
export function timeText(time: number | undefined): string | undefined {
  const date = new Date(time ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
