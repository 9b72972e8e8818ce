import type { BleAdvert } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { keepScanning } from "../keep-scanning.ts";
import type { BleRadio, GattLink } from "../radio.ts";
import { learnScanners, type ScannerNames, toAdverts } from "./advert-event.ts";
import { BridgeLink } from "./bridge-link.ts";
import { CoreConnection, CoreError, type HomeAssistantAccess } from "./core-connection.ts";

/** Core restarts in less, its Bluetooth set up again. */
const AWAY_MS = 180_000;

/** The adapters and Bluetooth proxies of Home Assistant: adverts from Core itself, connections by Carport's integration. */
export class HomeAssistantRadio implements BleRadio {
  readonly name = "home-assistant";
  readonly #access: HomeAssistantAccess | undefined;
  readonly #clock: Clock;
  #opened: Promise<CoreConnection> | undefined;

  constructor(access: HomeAssistantAccess | undefined, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  scan(heard: (advert: BleAdvert) => void, signal: AbortSignal): Promise<void> {
    return keepScanning(this.#clock, AWAY_MS, (started) => this.#scanOnce(heard, signal, started), signal);
  }

  async connect(address: string, lost: () => void, signal: AbortSignal): Promise<GattLink> {
    const core = await this.#open();
    signal.throwIfAborted();
    return BridgeLink.connect(core, address, lost);
  }

  async close(): Promise<void> {
    const core = await this.#opened?.catch(() => undefined);
    core?.close();
  }

  /** Until the signal fires or the connection is lost. */
  async #scanOnce(heard: (advert: BleAdvert) => void, signal: AbortSignal, started: () => void): Promise<void> {
    const core = await this.#open();
    const scanners: ScannerNames = new Map();
    const subscribe = (type: string, onEvent: (event: unknown) => void) => core.subscribe({ type }, onEvent);
    const ends: (() => void)[] = [];
    try {
      ends.push(await subscribe("bluetooth/subscribe_scanner_details", (event) => learnScanners(scanners, event)));
      ends.push(
        await subscribe("bluetooth/subscribe_advertisements", (event) => {
          for (const advert of toAdverts(event, scanners)) heard(advert);
        }),
      );
      started();
      await aborted(AbortSignal.any([core.lost, signal]));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const unauthorized = error.code === "unauthorized";
      const code = unauthorized ? "HOME_ASSISTANT_TOKEN_REFUSED" : "HOME_ASSISTANT_BLUETOOTH_MISSING";
      throw new CarportError(code, this.name, { cause: error });
    } finally {
      for (const end of ends) end();
    }
  }

  /** @throws CarportError HOME_ASSISTANT_AWAY, HOME_ASSISTANT_TOKEN_REFUSED */
  #open(): Promise<CoreConnection> {
    const forget = (): void => {
      this.#opened = undefined;
    };
    this.#opened ??= this.#connect().then(
      (core) => {
        core.lost.addEventListener("abort", forget);
        return core;
      },
      (error) => {
        forget();
        throw error;
      },
    );
    return this.#opened;
  }

  async #connect(): Promise<CoreConnection> {
    if (this.#access === undefined) throw new CarportError("HOME_ASSISTANT_AWAY", "no address and token given");
    return CoreConnection.open(this.#access, this.#clock);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
