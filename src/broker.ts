import { isDeepStrictEqual } from "node:util";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { type OfferedBroker, offeredBroker, type SupervisorAccess } from "#home-assistant/supervisor.ts";
import { retry } from "#hub/retry.ts";
import type { SystemSettings } from "#hub/settings/system-settings.ts";

/** The Supervisor tells no one when credentials change: it is asked again while those we have do not work. */
const ASK_AGAIN_MS = 30_000;

/** The broker that is set; without one, the one that Home Assistant offers. */
export const chooseBroker = (
  mqtt: SystemSettings["mqtt"],
  offered: OfferedBroker | undefined,
): SystemSettings["mqtt"] => (mqtt.host === "" && offered ? { ...mqtt, ...offered } : mqtt);

export interface BrokerSearch {
  readonly access: SupervisorAccess;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether there is a connection to a broker now. */
  readonly connected: () => boolean;
  /** Called with the broker that is offered, and again when it is another one. */
  readonly offer: (broker: OfferedBroker) => void;
}

/** Asks the Supervisor until it offers a broker, and again whenever there is no connection to it, until the signal fires. */
export async function followBroker({ access, clock, log, connected, offer }: BrokerSearch): Promise<void> {
  const { signal } = access;
  let told: string | undefined;
  let last: OfferedBroker | undefined;
  while (!signal.aborted) {
    const offered = await retry(
      async () => {
        const found = await offeredBroker(access);
        if (!found) throw new CarportError("BROKER_NOT_OFFERED", "MQTT");
        return found;
      },
      {
        subject: "MQTT",
        clock,
        signal,
        failed: (fault) => {
          if (fault.code !== told) log.warn(`${fault.message} ${fault.nextStep}`);
          told = fault.code;
        },
      },
    );
    if (offered && !signal.aborted && !isDeepStrictEqual(offered, last)) {
      if (last) log.info("Home Assistant offers its broker with another address or password");
      last = offered;
      offer(offered);
    }
    told = undefined;
    do await clock.sleep(ASK_AGAIN_MS, signal);
    while (connected() && !signal.aborted);
  }
}
