import type { BleCharacteristic, BleConnection } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, type ErrorCode, isCarportError } from "#domain/error.ts";
import { NotificationQueue } from "./notification-queue.ts";
import type { GattLink } from "./radio.ts";
import { within } from "./time-limit.ts";

// By a far proxy, discovery alone takes 10 s and more.
const DISCOVER_MS = 20_000;
const ANSWER_MS = 10_000;
const DISCONNECT_MS = 5_000;

/** A link with the promises of `BleConnection`: nothing hangs, what fails says why, and the end of the link ends all. */
export class LimitedConnection implements BleConnection {
  readonly address: string;
  readonly closed: Promise<void>;
  readonly #clock: Clock;
  readonly #lost = Promise.withResolvers<never>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #queues = new Map<string, NotificationQueue>();
  #link: GattLink | undefined;

  constructor(address: string, clock: Clock) {
    this.address = address;
    this.closed = this.#closed.promise;
    this.#clock = clock;
    // Only who is waiting for an answer at that moment hears of it.
    this.#lost.promise.catch(() => undefined);
  }

  attach(link: GattLink): void {
    this.#link = link;
  }

  /** The link is gone. */
  readonly lost = (): void => {
    this.#link = undefined;
    this.#lost.reject(new CarportError("BLE_LOST", this.address));
    for (const queue of this.#queues.values()) queue.close();
    this.#closed.resolve();
  };

  characteristics(): Promise<readonly BleCharacteristic[]> {
    return this.#ask(DISCOVER_MS, (link) => link.discover());
  }

  read(characteristic: BleCharacteristic): Promise<Uint8Array> {
    return this.#ask(ANSWER_MS, (link) => link.read(characteristic));
  }

  write(characteristic: BleCharacteristic, data: Uint8Array): Promise<void> {
    return this.#ask(ANSWER_MS, (link) => link.write(characteristic, data));
  }

  async notifications(characteristic: BleCharacteristic): Promise<AsyncIterable<Uint8Array>> {
    const key = `${characteristic.service} ${characteristic.uuid}`;
    const known = this.#queues.get(key);
    if (known !== undefined) return known.all();
    const queue = new NotificationQueue();
    this.#queues.set(key, queue);
    try {
      await this.#ask(ANSWER_MS, (link) => link.subscribe(characteristic, (data) => queue.push(data)));
    } catch (error) {
      this.#queues.delete(key);
      throw error;
    }
    return queue.all();
  }

  /** Resolves even when the other side does not answer: the link is then left to its supervision timeout. */
  async disconnect(): Promise<void> {
    const link = this.#link;
    this.lost();
    if (link === undefined) return;
    const limit = { ms: DISCONNECT_MS, code: "BLE_TIMEOUT" as const, subject: this.address };
    await within(this.#clock, limit, link.disconnect()).catch(() => undefined);
  }

  async #ask<Answer>(ms: number, ask: (link: GattLink) => Promise<Answer>): Promise<Answer> {
    if (this.#link === undefined) throw new CarportError("BLE_LOST", this.address);
    const code: ErrorCode = "BLE_TIMEOUT";
    const work = Promise.race([ask(this.#link), this.#lost.promise]);
    try {
      return await within(this.#clock, { ms, code, subject: this.address }, work);
    } catch (cause) {
      throw isCarportError(cause) ? cause : new CarportError("BLE_REFUSED", this.address, { cause });
    }
  }
}
