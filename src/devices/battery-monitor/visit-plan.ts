const MINUTE = 60_000;
/** Battery Hawk's: three more attempts a minute apart, then one every five minutes. */
const RETRIES = 3;
const RETRY_MS = MINUTE;
const BACK_OFF_MS = 5 * MINUTE;

/** When a monitor is to be visited next. Times are monotonic ms. */
export class VisitPlan {
  readonly #intervalMs: number;
  #due: number;
  #failures = 0;

  constructor(intervalMs: number, first: number) {
    this.#intervalMs = intervalMs;
    this.#due = first;
  }

  get due(): number {
    return this.#due;
  }

  /** The retries are used up: what is wrong will not pass by itself in a moment. */
  get exhausted(): boolean {
    return this.#failures > RETRIES;
  }

  /** The pace is kept however long a visit waited for its turn; visits that were missed are not made up for. */
  succeeded(now: number): void {
    this.#due = this.#failures === 0 ? this.#due + this.#intervalMs : now + this.#intervalMs;
    if (this.#due <= now) this.#due = now + this.#intervalMs;
    this.#failures = 0;
  }

  failed(now: number): void {
    this.#failures++;
    this.#due = now + (this.exhausted ? BACK_OFF_MS : RETRY_MS);
  }

  /** It is there again: no reason to wait. */
  returned(now: number): void {
    this.#due = Math.min(this.#due, now);
    this.#failures = 0;
  }
}
