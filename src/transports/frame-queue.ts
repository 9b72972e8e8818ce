import type { CanFrame } from "#domain/can-frame.ts";

/**
 * Frames between one who brings them and one who takes them in batches, from the first time they are asked for.
 * Bounded: what comes while it is full is dropped and counted.
 */
export class FrameQueue {
  readonly #capacity: number;
  #frames: CanFrame[] = [];
  #asked = false;
  #closed = false;
  #wake: (() => void) | undefined;
  received = 0;
  dropped = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(frame: CanFrame): void {
    if (!this.#asked || this.#closed) return;
    if (this.#frames.length >= this.#capacity) {
      this.dropped++;
      return;
    }
    this.received++;
    this.#frames.push(frame);
    if (this.#wake === undefined) return;
    // All that comes in this turn of the event loop goes on together.
    setImmediate(this.#wake);
    this.#wake = undefined;
  }

  /** Ends `batches` once what is queued has been taken. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  async *batches(): AsyncGenerator<readonly CanFrame[]> {
    this.#asked = true;
    for (;;) {
      if (this.#frames.length > 0) {
        const batch = this.#frames;
        this.#frames = [];
        yield batch;
      } else if (this.#closed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
