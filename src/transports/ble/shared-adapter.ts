import type { BleAdapter, BleAdvert, BleConnection } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, isCarportError, toCarportError } from "#domain/error.ts";
import { ConnectionSlots } from "./connection-slots.ts";
import { LimitedConnection } from "./limited-connection.ts";
import { NewestAdverts } from "./newest-adverts.ts";
import type { BleRadio } from "./radio.ts";
import { within } from "./time-limit.ts";

/** A monitor that sleeps between adverts, reached by a far proxy, has been seen to take 20 s. */
const CONNECT_MS = 30_000;

/** One radio for all devices that name it: one scan however many listen, one queue for its connections. */
export class SharedAdapter implements BleAdapter {
  readonly name: string;
  readonly #radio: BleRadio;
  readonly #clock: Clock;
  readonly #slots: ConnectionSlots;
  readonly #readers = new Set<NewestAdverts>();
  #scan: { readonly stop: AbortController; readonly stopped: Promise<void> } | undefined;

  constructor(radio: BleRadio, clock: Clock, slots: () => number = () => 1) {
    this.name = radio.name;
    this.#radio = radio;
    this.#clock = clock;
    this.#slots = new ConnectionSlots(slots);
  }

  /** @throws CarportError when the radio cannot scan, or no longer */
  async *adverts(signal: AbortSignal): AsyncGenerator<BleAdvert> {
    if (signal.aborted) return;
    const newest = new NewestAdverts();
    this.#readers.add(newest);
    this.#startScan();
    try {
      yield* newest.until(signal);
    } finally {
      this.#readers.delete(newest);
      if (this.#readers.size === 0) this.#scan?.stop.abort();
    }
  }

  connected<Result>(
    address: string,
    use: (connection: BleConnection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    return this.#slots.use(async () => {
      const connection = await this.#connect(address, signal);
      // Who is told to close has two seconds: the link goes at once, and with it everything that waits for it.
      const end = (): void => void connection.disconnect();
      signal.addEventListener("abort", end, { once: true });
      try {
        return await use(connection);
      } finally {
        signal.removeEventListener("abort", end);
        await connection.disconnect();
      }
    }, signal);
  }

  async close(): Promise<void> {
    this.#scan?.stop.abort();
    await this.#scan?.stopped;
    await this.#radio.close();
  }

  async #connect(address: string, signal: AbortSignal): Promise<LimitedConnection> {
    signal.throwIfAborted();
    const connection = new LimitedConnection(address, this.#clock);
    const attempt = new AbortController();
    const linking = this.#radio.connect(address, connection.lost, AbortSignal.any([signal, attempt.signal]));
    const limit = { ms: CONNECT_MS, code: "BLE_CONNECT_FAILED" as const, subject: address };
    try {
      connection.attach(await within(this.#clock, limit, linking, signal));
      return connection;
    } catch (cause) {
      attempt.abort();
      // A link that comes about after all is not left open.
      linking.then((link) => link.disconnect()).catch(() => undefined);
      signal.throwIfAborted();
      throw isCarportError(cause) ? cause : new CarportError("BLE_CONNECT_FAILED", address, { cause });
    }
  }

  #startScan(): void {
    if (this.#scan !== undefined) return;
    const stop = new AbortController();
    const scan = { stop, stopped: this.#scanUntil(stop.signal) };
    this.#scan = scan;
    void scan.stopped.then(() => {
      this.#scan = undefined;
      // Somebody came while it was ending.
      if (this.#readers.size > 0) this.#startScan();
    });
  }

  /** Never rejects: a failure goes to those who listen. */
  async #scanUntil(signal: AbortSignal): Promise<void> {
    const heard = (advert: BleAdvert): void => {
      for (const reader of this.#readers) reader.push(advert);
    };
    try {
      await this.#radio.scan(heard, signal);
    } catch (error) {
      if (signal.aborted) return;
      const fault = toCarportError(error, this.name);
      for (const reader of this.#readers) reader.fail(fault);
      this.#readers.clear();
    }
  }
}
