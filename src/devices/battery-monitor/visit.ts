import type { BleAdapter } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, isCarportError } from "#domain/error.ts";
import type { History } from "#protocols/leagend/history.ts";
import type { Model } from "#protocols/leagend/model.ts";
import type { BatteryReading } from "#protocols/leagend/reading.ts";
import { GattSession } from "./gatt-session.ts";

export interface VisitOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What it probably is: tried first. */
  readonly model?: Model | undefined;
  /** How many of the newest stored records are wanted; 0: none. Asked after any wait for a turn. */
  readonly records?: (model: Model) => number;
}

export interface Visit {
  readonly model: Model;
  readonly reading: BatteryReading;
  /** UTC ms of the reading. */
  readonly time: number;
  /** Absent when none was wanted. */
  readonly history?: History & {
    /** False when the answer broke off. */
    readonly complete: boolean;
    /** UTC ms of the read-out, which dates the records. */
    readonly time: number;
  };
  /** Packets and records that made no sense or no battery can have. */
  readonly discarded: number;
  /** How long the monitor was occupied. */
  readonly connectedMs: number;
}

/**
 * Connects to a monitor in its turn, reads it and its memory, and leaves it to others again.
 * @throws CarportError BLE_…, MONITOR_UNKNOWN, MONITOR_SILENT: then there is no reading. A history that fails does not cost
 * the reading.
 */
export function visit(adapter: BleAdapter, address: string, options: VisitOptions): Promise<Visit> {
  const { clock, signal, model: known, records } = options;
  return adapter.connected(
    address,
    async (connection) => {
      const start = clock.monotonic();
      const session = await GattSession.open(connection, { clock, signal, model: known });
      const reading = await session.reading();
      const { model } = session;
      if (model === undefined) throw new CarportError("MONITOR_SILENT", address);
      const time = clock.now();
      const wanted = records?.(model) ?? 0;
      const history = wanted > 0 ? await readHistory(session, wanted, time) : undefined;
      return {
        model,
        reading,
        time,
        ...(history && { history }),
        discarded: session.discarded + (history?.discarded ?? 0),
        connectedMs: clock.monotonic() - start,
      };
    },
    signal,
  );
}

async function readHistory(session: GattSession, wanted: number, time: number): Promise<NonNullable<Visit["history"]>> {
  try {
    return { ...(await session.history(wanted)), time };
  } catch (error) {
    if (!isCarportError(error)) throw error;
    return { records: [], discarded: 0, complete: false, time };
  }
}
