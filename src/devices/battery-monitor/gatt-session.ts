import { type BleCharacteristic, type BleConnection, shortUuid } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, isCarportError } from "#domain/error.ts";
import { countHistory, pollLive, readHistory } from "#protocols/leagend/command.ts";
import { type History, HistoryReader, historyCount } from "#protocols/leagend/history.ts";
import { BLOCK, decrypt, type Model, models } from "#protocols/leagend/model.ts";
import { type BatteryReading, parseLive, recognise } from "#protocols/leagend/reading.ts";

const WRITE = shortUuid("FFF3");
const NOTIFY = shortUuid("FFF4");

/** A BM2 speaks once a second without being asked: silent for this long, it is none. */
const PUSH_MS = 2_500;
/** Longest time from a command to its answer, by a far proxy. */
const ANSWER_MS = 5_000;
/** Longest silence within a history answer. */
const HISTORY_GAP_MS = 5_000;
/** Several thousand records at the slowest rate seen. */
const HISTORY_MS = 120_000;
/** A BM2 asked for its records right after their number does not answer. */
const BREATH_MS = 1_000;

interface SessionOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From an earlier session, an advert or the name: tried first. */
  readonly model?: Model | undefined;
}

/** One visit to a connected monitor: subscribe, ask, listen. Every wait has a limit. */
export class GattSession {
  readonly #connection: BleConnection;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #command: BleCharacteristic;
  readonly #notifications: AsyncIterator<Uint8Array>;
  #next: Promise<IteratorResult<Uint8Array>> | undefined;
  #model: Model | undefined;
  #discarded = 0;

  private constructor(
    connection: BleConnection,
    { clock, signal, model }: SessionOptions,
    command: BleCharacteristic,
    notifications: AsyncIterable<Uint8Array>,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#signal = signal;
    this.#model = model;
    this.#command = command;
    this.#notifications = notifications[Symbol.asyncIterator]();
  }

  /** Subscribes. @throws CarportError MONITOR_UNKNOWN when the device has not the characteristics of a monitor. */
  static async open(connection: BleConnection, options: SessionOptions): Promise<GattSession> {
    const characteristics = await connection.characteristics();
    const command = characteristics.find(({ uuid }) => uuid === WRITE);
    const notify = characteristics.find(({ uuid }) => uuid === NOTIFY);
    if (command === undefined || notify === undefined) throw new CarportError("MONITOR_UNKNOWN", connection.address);
    return new GattSession(connection, options, command, await connection.notifications(notify));
  }

  /** Known after the first reading. */
  get model(): Model | undefined {
    return this.#model;
  }

  /** Packets that made no sense or no battery can have. */
  get discarded(): number {
    return this.#discarded;
  }

  /** @throws CarportError MONITOR_SILENT, BLE_LOST */
  async reading(): Promise<BatteryReading> {
    // Last time's model first; it may have been a name's, which says little, or another monitor's.
    const first = this.#model;
    const order = first === undefined ? models : [first, ...models.filter((model) => model !== first)];
    for (const model of order) {
      const poll = pollLive(model);
      if (poll !== undefined) await this.#connection.write(this.#command, poll);
      const reading = await this.#listen(poll === undefined ? PUSH_MS : ANSWER_MS);
      if (reading !== undefined) return reading;
    }
    throw new CarportError("MONITOR_SILENT", this.#connection.address);
  }

  /**
   * What the monitor has stored, newest first.
   * @param records how many are wanted; more may come, since BM6 and BM7 send pages of 256
   * @returns `complete` false when the answer broke off; a BM2's unfinished answer is empty, because its records cannot be
   * dated without the end
   */
  async history(records: number): Promise<History & { readonly complete: boolean }> {
    const model = this.#model ?? (await this.reading().then(() => this.#model));
    if (model === undefined) throw new CarportError("MONITOR_SILENT", this.#connection.address);
    let amount = Math.ceil(records / 256);
    if (model === "BM2") {
      amount = Math.min(records, await this.#count());
      if (amount === 0) return { records: [], discarded: 0, complete: true };
      await this.#clock.sleep(BREATH_MS, this.#signal);
    }
    await this.#connection.write(this.#command, readHistory(model, amount));
    const reader = new HistoryReader(model);
    const end = this.#clock.monotonic() + HISTORY_MS;
    let complete = false;
    while (!complete && this.#clock.monotonic() < end) {
      // What came before the link broke is worth having: with BM6 and BM7 it is the newest.
      const notification = await this.#within(HISTORY_GAP_MS).catch(undefinedIfLost);
      if (notification === undefined) break;
      complete = reader.push(decrypt(model, notification));
    }
    const history = reader.result();
    return model === "BM2" && !complete
      ? { records: [], discarded: history.discarded, complete }
      : { ...history, complete };
  }

  async #count(): Promise<number> {
    await this.#connection.write(this.#command, countHistory());
    const end = this.#clock.monotonic() + ANSWER_MS;
    for (let left = ANSWER_MS; left > 0; left = end - this.#clock.monotonic()) {
      const notification = await this.#within(left);
      if (notification === undefined) break;
      const count = notification.length < BLOCK ? undefined : historyCount(decrypt("BM2", notification));
      if (count !== undefined) return count;
    }
    throw new CarportError("MONITOR_SILENT", this.#connection.address);
  }

  /** First reading within the limit; learns the model from the key that fits. */
  async #listen(limit: number): Promise<BatteryReading | undefined> {
    const end = this.#clock.monotonic() + limit;
    for (let left = limit; left > 0; left = end - this.#clock.monotonic()) {
      const notification = await this.#within(left);
      if (notification === undefined) return undefined;
      const found = this.#parse(notification);
      if (found === undefined || found.packet.type === "implausible") this.#discarded++;
      if (found?.packet.type !== "reading") continue;
      this.#model = found.model;
      return found.packet.reading;
    }
    return undefined;
  }

  #parse(notification: Uint8Array): ReturnType<typeof recognise> {
    if (this.#model === undefined || notification.length < BLOCK) return recognise(notification);
    const packet = parseLive(this.#model, decrypt(this.#model, notification));
    // A monitor of another model may have been put in its place.
    return packet === undefined ? recognise(notification) : { model: this.#model, packet };
  }

  /** Next notification; undefined when none comes in time. @throws CarportError BLE_LOST when the link is gone */
  async #within(ms: number): Promise<Uint8Array | undefined> {
    this.#next ??= this.#notifications.next();
    const waiting = new AbortController();
    const limit = this.#clock.sleep(ms, AbortSignal.any([waiting.signal, this.#signal])).then(() => undefined);
    const result = await Promise.race([this.#next, limit]);
    waiting.abort();
    this.#signal.throwIfAborted();
    if (result === undefined) return undefined;
    this.#next = undefined;
    if (result.done === true) throw new CarportError("BLE_LOST", this.#connection.address);
    return result.value;
  }
}

function undefinedIfLost(error: unknown): undefined {
  if (!isCarportError(error) || error.code !== "BLE_LOST") throw error;
}
