import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { type OfferedBroker, offeredBroker } from "#home-assistant/supervisor.ts";
import { retry } from "#hub/retry.ts";
import type { Environment } from "#hub/settings/overrides.ts";
import type { SystemSettings } from "#hub/settings/system-settings.ts";

const SUPERVISOR = "http://supervisor";

/** The broker that is set; without one, the one that Home Assistant offers. */
export const chooseBroker = (
  mqtt: SystemSettings["mqtt"],
  offered: OfferedBroker | undefined,
): SystemSettings["mqtt"] => (mqtt.host === "" && offered ? { ...mqtt, ...offered } : mqtt);

/** Asks the Supervisor, where there is one, until it offers a broker. Undefined where there is none, or once stopped. */
export async function findBroker(
  env: Environment,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<OfferedBroker | undefined> {
  const token = env["SUPERVISOR_TOKEN"];
  if (token === undefined || token === "") return undefined;
  let told: string | undefined;
  return await retry(
    async () => {
      const offered = await offeredBroker({ url: SUPERVISOR, token, signal });
      if (!offered) throw new CarportError("BROKER_NOT_OFFERED", "MQTT");
      return offered;
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
}
