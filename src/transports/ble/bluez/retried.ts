import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { DbusError } from "./system-bus.ts";

const PAUSE_MS = 1_000;
const ATTEMPTS = 10;

/**
 * Calls BlueZ, and again where it is only busy: it refuses what it is already doing for somebody else, and what the radio
 * did not manage at the first try.
 * @throws CarportError BLE_ADAPTER_BUSY, BLE_ADAPTER_OFF; DbusError for every other refusal
 */
export async function retried(
  clock: Clock,
  adapter: string,
  call: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      await call();
      return;
    } catch (error) {
      if (!(error instanceof DbusError)) throw error;
      const [, reason = ""] = /^org\.bluez\.Error\.(\w+)$/.exec(error.type) ?? [];
      if (reason === "AlreadyConnected") return;
      if (reason === "NotReady") throw new CarportError("BLE_ADAPTER_OFF", adapter, { cause: error });
      if (reason !== "InProgress" && !error.message.includes("abort-by-local")) throw error;
      if (attempt === ATTEMPTS) throw new CarportError("BLE_ADAPTER_BUSY", adapter, { cause: error });
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}
