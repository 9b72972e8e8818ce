import type { Publish } from "./retained-board.ts";
import type { Message } from "./topics.ts";

/**
 * Tells what passes: to the broker if it is there, to nobody otherwise. Nothing is queued: what cannot be told now is old
 * by the time it could be.
 */
export class Announcer {
  #publish: Publish | undefined;
  #limit = 0;
  /** Messages on their way, of this connection. */
  #inFlight = new Set<Message>();
  #sent = 0;
  #dropped = 0;

  get sent(): number {
    return this.#sent;
  }

  /** Messages that were not told although there was a connection. */
  get dropped(): number {
    return this.#dropped;
  }

  /** From now on there is a connection. `limit`: how many messages may be on their way. */
  attach(publish: Publish, limit: number): void {
    this.#publish = publish;
    this.#limit = limit;
    this.#inFlight = new Set();
  }

  detach(): void {
    this.#publish = undefined;
  }

  tell(message: Message): void {
    if (this.#publish === undefined) return;
    const inFlight = this.#inFlight;
    if (inFlight.size >= this.#limit) {
      this.#dropped++;
      return;
    }
    inFlight.add(message);
    this.#publish(message, (error) => {
      inFlight.delete(message);
      if (error) this.#dropped++;
      else this.#sent++;
    });
  }
}
