import type { Batch } from "#domain/batch.ts";
import { BatchBuilder } from "#domain/batch.ts";
import type { NumberSignal } from "#domain/signal.ts";
import { quantity } from "../household.ts";

/** Samples per second of each signal: 1,000 in all, as a bus has them. */
const rates = [4, 6, 10, 10].flatMap((signals, group) =>
  Array.from({ length: signals }, () => [100, 50, 20, 10][group] ?? 10),
);
const scales = [0.5, 0.1, 0.01, 1];
const HAND_OVER_MS = 50;

export const madeUpSignals: readonly NumberSignal[] = rates.map((_, index) =>
  quantity(`signal_${index}`, {
    unit: "V",
    quantum: { scale: scales[index % 4] ?? 1, offset: index % 3 === 0 ? -40 : 0 },
  }),
);

/**
 * Thirty signals of a made-up CAN bus for so many seconds, a batch every 50 ms: integers that wander, at their own times
 * with the jitter of a real bus (standard deviation 0.35 ms).
 */
export function* madeUpDrive(seconds: number, start: number): Generator<Batch> {
  const random = lcg(1);
  const raw = rates.map(() => 500);
  const next = rates.map((_, index) => index * 0.3);
  const builder = new BatchBuilder(madeUpSignals);
  for (let end = HAND_OVER_MS; end <= seconds * 1000; end += HAND_OVER_MS) {
    for (const [index, { quantum }] of madeUpSignals.entries()) {
      for (let time = next[index] ?? 0; time < end; time = next[index] ?? end) {
        const dice = random();
        raw[index] = (raw[index] ?? 0) + (dice < 0.2 ? -1 : dice > 0.8 ? 1 : 0);
        const jitter = (random() + random() + random() + random() - 2) * 0.6;
        builder.add(index, start + time + jitter, (raw[index] ?? 0) * (quantum?.scale ?? 1) + (quantum?.offset ?? 0));
        next[index] = time + 1000 / (rates[index] ?? 1);
      }
    }
    const batch = builder.take();
    if (batch !== undefined) yield batch;
  }
}

/** Numerical Recipes' generator: the same drive every time. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
