import type { SignalDefinition } from "#api/contract/signal.ts";

/** A steady value is a straight line, not the magnified noise of its last digit. */
const LEAST_STEPS = 20;
const LEAST_PERCENT = 5;

/** Lowest and highest value of the scale, with room around the curve; from zero where zero is near. */
export function valueRange(signal: SignalDefinition, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const least = signal.unit === "%" ? LEAST_PERCENT : LEAST_STEPS * 10 ** -(signal.precision ?? 0);
  const room = Math.max(least - (high - low), (high - low) * 0.2) / 2;
  const ceiling = low < 0 && high <= 0 ? 0 : signal.unit === "%" && high <= 100 ? 100 : Number.POSITIVE_INFINITY;
  const floor = low >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  const bottom = low >= 0 && low < high * 0.4 ? 0 : Math.max(low - room, floor);
  const top = Math.max(Math.min(high + room, ceiling), bottom + least);
  return top > ceiling ? [ceiling - least, ceiling] : [bottom, top];
}
