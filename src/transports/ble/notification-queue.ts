/** A whole history page of a battery monitor is 66 notifications; nobody is this far behind. */
const MOST_WAITING = 1_024;

/** Notifications of one characteristic between the link and who reads them. Bounded: the newest are dropped and counted. */
export class NotificationQueue {
  readonly #waiting: Uint8Array[] = [];
  #closed = false;
  #wake: (() => void) | undefined;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  push(data: Uint8Array): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(data);
    this.#wake?.();
  }

  /** Ends `all` once what waits has been read. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** For one reader at a time; a reader that stops leaves what waits to the next one. */
  async *all(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#closed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
