import type { Clock } from "#domain/clock.ts";
import type { Log } from "#domain/log.ts";
import { homeAssistantLocale, type SupervisorAccess } from "#home-assistant/supervisor.ts";
import { retry } from "#hub/retry.ts";

export interface TimeZoneOptions {
  readonly access: SupervisorAccess;
  readonly clock: Clock;
  readonly log: Log;
}

/** Home Assistant's time zone becomes this process's: the one of the container is that of its last start. */
export async function takeOverTimeZone({ access, clock, log }: TimeZoneOptions): Promise<void> {
  const { signal } = access;
  const failed = () => log.debug("Home Assistant has not told its time zone yet");
  const locale = await retry(() => homeAssistantLocale(access), { subject: "the time zone", clock, signal, failed });
  const timeZone = locale?.timeZone;
  if (timeZone === undefined || timeZone === process.env["TZ"]) return;
  if (!isTimeZone(timeZone)) return log.warn(`Home Assistant names a time zone that is unknown here: ${timeZone}`);
  process.env["TZ"] = timeZone;
  log.info(`times are those of ${timeZone}, as in Home Assistant`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
