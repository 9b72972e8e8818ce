/** One figure of a benchmark, and what the same run measured of a peer doing the same work. */
export interface Figure {
  /** What was measured: `decode, Leaf 2018 DBC`. */
  readonly name: string;
  readonly value: number;
  /** `frames/s`, `B/sample`, `MB`. */
  readonly unit: string;
  /** In the figure's unit. "Five times the peer" is `{ atLeast: 5 * peer }`. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** In the figure's unit. */
  readonly peer?: number;
  readonly peerName?: string;
  /** What a reader must know to compare: sizes, rounds, why there is no peer. */
  readonly note?: string;
}

/** Hands a figure to `run.ts`: one JSON line on standard output. */
export function report(figure: Figure): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

/** Median of the seconds `work` takes, after `warmUp` rounds that are not counted. */
export async function medianSeconds(
  work: () => void | Promise<void>,
  { rounds = 7, warmUp = 2 }: { rounds?: number; warmUp?: number } = {},
): Promise<number> {
  const seconds: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    const start = performance.now();
    await work();
    if (round >= 0) seconds.push((performance.now() - start) / 1000);
  }
  return median(seconds);
}

/** The middle one, or the mean of the middle two; NaN of nothing. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
