/**
 * The few connections an adapter can hold, one after the other by default. Fair: first come, first served, and whoever
 * has been connected just now stands behind those who wait.
 */
export class ConnectionSlots {
  readonly #slots: () => number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  /** `slots` may change: more are used from the next end of a connection on, fewer as connections end. */
  constructor(slots: () => number = () => 1) {
    this.#slots = slots;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `use` once there is a slot, and frees it whatever happens. Rejects with the signal's reason when it fires while waiting. */
  async use<Result>(use: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    await this.#take(signal);
    try {
      return await use();
    } finally {
      this.#free();
    }
  }

  #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#taken < this.#slots()) {
      this.#taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(turn);
    });
  }

  /** A slot passes on to the next one without being free in between. */
  #free(): void {
    this.#taken--;
    while (this.#taken < this.#slots()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken++;
      next();
    }
  }
}
