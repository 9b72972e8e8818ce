import type { Message } from "./topics.ts";

/**
 * Sends a message; `done` is called once it is with the broker (QoS 1 and 2) or the network (QoS 0), or refused. Never,
 * when the connection breaks first.
 */
export type Publish = (message: Message, done: (error?: Error) => void) => void;

/** More un-acknowledged publishes slow mqtt.js down several times over. */
export const MOST_IN_FLIGHT = 100;

/**
 * What is to stand at the broker: the latest message of each topic, and nothing else. While the broker is away it only
 * keeps that; with a connection it sends what changed, a bounded number at a time. So there is no queue that could grow:
 * a topic waits at most once.
 */
export class RetainedBoard {
  readonly #messages = new Map<string, Message>();
  /** Topics to send, in order. One without a message is to be emptied. */
  readonly #waiting = new Set<string>();
  /** Topics on their way, each with the attempt to send it: the answer to one says nothing about the next. */
  readonly #inFlight = new Map<string, symbol>();
  #publish: Publish | undefined;
  #limit = 0;
  #pumping = false;
  #idle: (() => void)[] = [];
  #sent = 0;
  #dropped = 0;
  readonly #onDrop: (message: Message, error: Error) => void;

  /** `onDrop` hears of messages the broker did not take; they are not sent again before they change or all is sent again. */
  constructor(onDrop: (message: Message, error: Error) => void) {
    this.#onDrop = onDrop;
  }

  get sent(): number {
    return this.#sent;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** False when just this stands there already. */
  show(message: Message): boolean {
    if (this.#messages.get(message.topic)?.payload === message.payload) return false;
    this.#messages.set(message.topic, message);
    this.#send(message.topic);
    return true;
  }

  /** Empties a topic at the broker, also one that is only there. */
  clear(topic: string): void {
    this.#messages.delete(topic);
    this.#send(topic);
  }

  /** Leaves a topic to the broker as it is. */
  forget(topic: string): void {
    this.#messages.delete(topic);
    this.#waiting.delete(topic);
  }

  get(topic: string): string | undefined {
    return this.#messages.get(topic)?.payload;
  }

  topics(): readonly string[] {
    return [...this.#messages.keys()];
  }

  /** Whether the broker has what was last shown. */
  delivered(topic: string): boolean {
    return this.#publish !== undefined && !this.#waiting.has(topic) && !this.#inFlight.has(topic);
  }

  /** From now on there is a connection. `limit`: what the broker takes un-acknowledged. */
  attach(publish: Publish, limit: number): void {
    this.#publish = publish;
    this.#limit = Math.min(limit, MOST_IN_FLIGHT);
    this.#pump();
  }

  /** What was on its way may be lost: it waits again. */
  detach(): void {
    this.#publish = undefined;
    for (const topic of this.#inFlight.keys()) this.#waiting.add(topic);
    this.#inFlight.clear();
    this.#wakeIdle();
  }

  /** Sends everything again, beginning with `first` and ending with `last`. */
  resend(first: Iterable<string>, last: string): void {
    const order = new Set([...first, ...this.#messages.keys()]);
    order.delete(last);
    for (const topic of [...order, last]) {
      this.#waiting.delete(topic);
      this.#waiting.add(topic);
    }
    this.#pump();
  }

  /** Sends one topic again, changed or not. */
  repeat(topic: string): void {
    if (this.#messages.has(topic)) this.#send(topic);
  }

  /** Resolves when nothing waits any more or the connection is gone. */
  idle(): Promise<void> {
    if (this.#publish === undefined || this.#waiting.size + this.#inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #send(topic: string): void {
    this.#waiting.add(topic);
    this.#pump();
  }

  #pump(): void {
    const publish = this.#publish;
    // A publish that is done at once comes back here: the loop below goes on, the stack does not grow.
    if (publish === undefined || this.#pumping) return;
    this.#pumping = true;
    for (const topic of this.#waiting) {
      if (this.#inFlight.size >= this.#limit) break;
      // One at a time per topic: a broker may reorder two.
      if (this.#inFlight.has(topic)) continue;
      const message: Message = this.#messages.get(topic) ?? { topic, payload: "", qos: 1 };
      const attempt = Symbol(topic);
      this.#waiting.delete(topic);
      this.#inFlight.set(topic, attempt);
      publish(message, (error) => this.#done(message, attempt, error));
    }
    this.#pumping = false;
    this.#wakeIdle();
  }

  #done(message: Message, attempt: symbol, error: Error | undefined): void {
    if (this.#inFlight.get(message.topic) !== attempt) return;
    this.#inFlight.delete(message.topic);
    if (error) {
      this.#dropped++;
      this.#onDrop(message, error);
    } else {
      this.#sent++;
    }
    this.#pump();
  }

  #wakeIdle(): void {
    if (this.#publish !== undefined && this.#waiting.size + this.#inFlight.size > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const wake of idle) wake();
  }
}
