import type { Clock } from "#domain/clock.ts";
import { RECORD_INTERVAL_MS, recordTime } from "#protocols/leagend/history.ts";
import { BLOCK, decrypt, encrypt, type Model } from "#protocols/leagend/model.ts";

/** What the simulated battery does at a time. */
export interface BatteryCondition {
  /** V. */
  readonly voltage: number;
  /** °C. */
  readonly temperature: number;
  /** %. */
  readonly stateOfCharge: number;
  readonly charging: boolean;
  /** V, lowest while cranking in the two minutes before; 0: no cranking. */
  readonly crankVoltage?: number;
}

interface Options {
  readonly model: Model;
  /** `50:54:7B:00:00:01` */
  readonly address: string;
  readonly clock: Clock;
  /** The battery's life, past included: the monitor remembers it. UTC ms. */
  readonly battery: (time: number) => BatteryCondition;
  /** Records the monitor's memory holds, two minutes each. */
  readonly memory?: number;
  /** UTC ms when it was fitted: before, it remembers nothing. */
  readonly fittedAt?: number;
}

const PAGE = 256;
const CONNECTION_INTERVAL_MS = 30;
const PER_CONNECTION_EVENT = 6;
const names: Readonly<Record<Model, string>> = { BM2: "Battery Monitor", BM6: "BM6", BM7: "BM300 Pro" };
const START = "fffffe";

/** A monitor at the level of GATT: what is written to FFF3 and what FFF4 then notifies, encrypted as the real ones do. */
export class BatteryMonitor {
  readonly model: Model;
  readonly address: string;
  readonly name: string;
  readonly #clock: Clock;
  readonly #battery: (time: number) => BatteryCondition;
  readonly #memory: number;
  readonly #fittedAt: number;

  constructor({ model, address, clock, battery, memory = 1536, fittedAt = 0 }: Options) {
    this.model = model;
    this.address = address;
    this.name = names[model];
    this.#clock = clock;
    this.#battery = battery;
    this.#memory = memory;
    this.#fittedAt = fittedAt;
  }

  /** The packet of live values, as notified. */
  live(): Uint8Array {
    const { voltage, temperature, stateOfCharge, charging } = this.#battery(this.#clock.now());
    const hundredths = Math.round(voltage * 100);
    const plain = new Uint8Array(BLOCK);
    if (this.model === "BM2") {
      plain.set([0xf5, hundredths >> 4, ((hundredths & 0x0f) << 4) | (charging ? 4 : 2), Math.round(stateOfCharge)]);
    } else {
      const degrees = Math.round(temperature);
      const sign = degrees < 0 ? 1 : 0;
      const state = charging ? 2 : stateOfCharge < 30 ? 1 : 0;
      plain.set([0xd1, 0x55, 0x07, sign, Math.abs(degrees), state, Math.round(stateOfCharge)]);
      plain.set([hundredths >> 8, hundredths & 0xff], 7);
    }
    return encrypt(this.model, plain);
  }

  /** What a BM2 notifies of itself from the subscription on, once a second, until `ended`; the others wait to be asked. */
  async push(notify: (data: Uint8Array) => void, ended: AbortSignal): Promise<void> {
    if (this.model !== "BM2") return;
    for (;;) {
      await this.#clock.sleep(1_000, ended);
      if (ended.aborted) return;
      notify(this.live());
    }
  }

  /** Notifies what `write` gives, as fast as a usual link carries it. */
  async answer(ciphertext: Uint8Array, notify: (data: Uint8Array) => void): Promise<void> {
    for (const [at, notification] of this.write(ciphertext).entries()) {
      if (at > 0 && at % PER_CONNECTION_EVENT === 0) await this.#clock.sleep(CONNECTION_INTERVAL_MS);
      notify(notification);
    }
  }

  /** Notifications in answer to what was written; none to what it does not understand, as the real ones. */
  write(ciphertext: Uint8Array): readonly Uint8Array[] {
    if (ciphertext.length !== BLOCK) return [];
    const [b0, b1, b2, b3 = 0, b4 = 0, b5 = 0, b6 = 0, b7 = 0] = decrypt(this.model, ciphertext);
    if (this.model === "BM2") {
      if (b0 === 0xe7 && b1 === 0x01) return [this.#block([0xe7, ...threeBytes(this.#remembered())])];
      if (b0 === 0xe3) return this.#history(((b3 << 24) | (b4 << 16) | (b5 << 8) | b6) >>> 0);
      return [];
    }
    if (b0 !== 0xd1 || b1 !== 0x55) return [];
    switch (b2) {
      case 0x07:
        return [this.#block([0xd1, 0x55, 0x07, 0xff]), this.live()];
      case 0x01:
        return [this.#block([0xd1, 0x55, 0x01, 0x01, 0x08])];
      case 0x05:
        return this.#history((this.model === "BM6" ? b7 : b6) * PAGE);
      default:
        return [];
    }
  }

  /**
   * The manufacturer record of the advert: company identifier and data, which are one encrypted block together.
   * Undefined for a BM7, whose adverts nobody has described.
   */
  manufacturerRecord(): { readonly company: number; readonly data: Uint8Array } | undefined {
    if (this.model === "BM7") return undefined;
    const { voltage, stateOfCharge } = this.#battery(this.#clock.now());
    const hundredths = Math.round(voltage * 100);
    const address = Uint8Array.from(this.address.split(":"), (byte) => Number.parseInt(byte, 16));
    const plain = new Uint8Array(BLOCK);
    plain.set(this.model === "BM2" ? address.toReversed() : address);
    plain.set([hundredths >> 8, hundredths & 0xff, Math.round(stateOfCharge)], 6);
    plain.set(this.model === "BM2" ? [0x09, 0x00] : [0x01, 0x08], 14);
    const block = encrypt(this.model, plain);
    return { company: (block[0] ?? 0) | ((block[1] ?? 0) << 8), data: block.subarray(2) };
  }

  #remembered(): number {
    const newest = recordTime(this.model, 0, this.#clock.now());
    return Math.max(0, Math.min(this.#memory, Math.floor((newest - this.#fittedAt) / RECORD_INTERVAL_MS)));
  }

  #history(asked: number): readonly Uint8Array[] {
    const count = Math.min(asked, this.#remembered());
    const now = this.#clock.now();
    const bytes: number[] = [];
    for (let index = 0; index < count; index++) {
      const place = this.model === "BM2" ? count - 1 - index : index;
      bytes.push(...this.#record(recordTime(this.model, place, now)));
    }
    // Length of the records and of the nine bytes around them.
    const trailer = [0xff, 0xfe, 0xfe, ...threeBytes(bytes.length + 9)];
    const start = this.model === "BM2" ? hexBytes(START) : [0xd1, 0x55, 0x05, 0x01];
    const blocks = [this.#block(start)];
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const rest = bytes.slice(at, at + BLOCK);
      // The trailer follows the last record within its block where it fits.
      blocks.push(this.#block(rest.length + trailer.length <= BLOCK ? [...rest, ...trailer] : rest));
    }
    if (bytes.length % BLOCK === 0 || (bytes.length % BLOCK) + trailer.length > BLOCK)
      blocks.push(this.#block(trailer));
    return blocks;
  }

  #record(time: number): readonly number[] {
    const { voltage, temperature, stateOfCharge, crankVoltage = 0 } = this.#battery(time);
    const volts = Math.round(voltage * 100);
    if (this.model === "BM2") {
      const crank = Math.round(crankVoltage * 100);
      return [volts >> 4, (volts & 0x0f) << 4, crank >> 4, (crank & 0x0f) << 4];
    }
    const charge = Math.round(stateOfCharge);
    const degrees = Math.max(0, Math.round(temperature));
    return [
      volts >> 4,
      ((volts & 0x0f) << 4) | (charge >> 4),
      ((charge & 0x0f) << 4) | (degrees >> 4),
      (degrees & 0x0f) << 4,
    ];
  }

  #block(head: readonly number[]): Uint8Array {
    const plain = new Uint8Array(BLOCK);
    plain.set(head);
    return encrypt(this.model, plain);
  }
}

const threeBytes = (value: number): readonly number[] => [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
const hexBytes = (hex: string): readonly number[] => [...Buffer.from(hex, "hex")];
