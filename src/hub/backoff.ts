const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long to wait before the next attempt: 1 s, doubled with each failure up to 60 s, half of it left to chance. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** ms to wait after one more failure. Chance keeps devices that failed together from coming back together. */
  next(): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures++);
    return full * (0.5 + 0.5 * this.#random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
