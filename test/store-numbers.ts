import type { SeriesStore } from "#store/series-store.ts";
import { can0, quantity } from "./household.ts";

export const START = Date.UTC(2026, 0, 1);

/** Number n is n in the first and -n in the second, n ms after START. */
export const countUp = [quantity("up", { quantum: { scale: 1, offset: 0 } }), quantity("down")] as const;

/** How many numbers a store holds; throws unless they are 0, 1, 2 … without a gap, twice or a wrong one, in both signals. */
export function numbered(store: SeriesStore): number {
  const [up, down] = countUp.map(({ key }) => {
    return store.read({ device: can0, signal: key, from: 0, to: Date.UTC(2050, 0) }, 100_000_000);
  });
  if (up === undefined || down === undefined || up.times.length !== down.times.length) {
    throw new RangeError("one signal has more than the other");
  }
  for (let n = 0; n < up.times.length; n++) {
    const right =
      up.times[n] === START + n && down.times[n] === START + n && up.values[n] === n && down.values[n] === 0 - n;
    if (!right) throw new RangeError(`after ${n} numbers comes ${up.values[n]}, ${down.values[n]} at ${up.times[n]}`);
  }
  return up.times.length;
}
