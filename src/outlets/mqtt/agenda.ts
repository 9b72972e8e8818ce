import type { Clock } from "#domain/clock.ts";

/** Tasks to be done later, each at most once at a time, on one timer for all of them. */
export class Agenda {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #due = new Map<() => void, number>();
  #wakeAt = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;

  /** `onError` hears of tasks that throw; the others go on. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Does the task in `ms`, or earlier if that was agreed already. */
  soon(task: () => void, ms: number): void {
    const due = this.#clock.monotonic() + ms;
    const agreed = this.#due.get(task);
    if (agreed !== undefined && agreed <= due) return;
    this.#due.set(task, due);
    if (due < this.#wakeAt) this.#wake?.();
  }

  cancel(task: () => void): void {
    this.#due.delete(task);
  }

  /** Returns when the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wakeAt = Math.min(...this.#due.values());
      await this.#sleepUntil(this.#wakeAt, signal);
      const now = this.#clock.monotonic();
      // A copy: a task may put itself on the agenda again.
      for (const [task, due] of [...this.#due]) {
        if (signal.aborted) return;
        if (due > now) continue;
        this.#due.delete(task);
        try {
          task();
        } catch (error) {
          this.#onError(error);
        }
      }
    }
  }

  async #sleepUntil(time: number, signal: AbortSignal): Promise<void> {
    const earlier = new AbortController();
    this.#wake = () => earlier.abort();
    await this.#clock.sleep(time - this.#clock.monotonic(), AbortSignal.any([signal, earlier.signal]));
    this.#wake = undefined;
    this.#wakeAt = Number.NEGATIVE_INFINITY;
  }
}
