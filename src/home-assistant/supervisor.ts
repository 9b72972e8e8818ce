import { z } from "zod";
import { CarportError } from "#domain/error.ts";

/** The broker that Home Assistant's own MQTT app offers to other apps. */
export interface OfferedBroker {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
}

/** How the household has set up Home Assistant. */
export interface Locale {
  /** IANA name. */
  readonly timeZone: string | undefined;
  /** BCP 47. */
  readonly language: string | undefined;
}

const LIMIT_MS = 10_000;

export interface SupervisorAccess {
  /** `http://supervisor` in an app. */
  readonly url: string;
  /** SUPERVISOR_TOKEN of the container. */
  readonly token: string;
  readonly signal: AbortSignal;
}

// Supervisor API, GET /services/mqtt. `ssl` and the credentials may be missing or null with foreign providers.
const mqttService = z.object({
  result: z.literal("ok"),
  data: z.object({
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65_535),
    ssl: z.boolean().nullish(),
    username: z.string().nullish(),
    password: z.string().nullish(),
  }),
});
const info = z.object({ result: z.literal("ok"), data: z.object({ timezone: z.string().nullish() }) });
// Core's own API, passed on by the Supervisor: no envelope.
const coreConfig = z.object({ language: z.string().nullish(), time_zone: z.string().nullish() });
const coreComponents = z.array(z.string());

/**
 * Asks the Supervisor for the broker. Undefined when no MQTT app is installed (400) or the app may not ask (403).
 * @throws CarportError SUPERVISOR_UNREACHABLE after 10 s, or on an answer that makes no sense.
 */
export async function offeredBroker(access: SupervisorAccess): Promise<OfferedBroker | undefined> {
  const service = await ask(access, "/services/mqtt", mqttService);
  if (!service) return undefined;
  const { host, port, ssl, username, password } = service.data;
  return { host, port, tls: ssl ?? false, username: username ?? "", password: password ?? "" };
}

/** Time zone and language; throws as `offeredBroker` does. What the app may not ask is undefined. */
export async function homeAssistantLocale(access: SupervisorAccess): Promise<Locale> {
  const [machine, core] = await Promise.all([ask(access, "/info", info), ask(access, "/core/api/config", coreConfig)]);
  return {
    timeZone: machine?.data.timezone ?? core?.time_zone ?? undefined,
    language: core?.language ?? undefined,
  };
}

/** Integrations that Home Assistant has loaded: `mqtt`, `bluetooth`; throws as `offeredBroker` does. */
export async function loadedIntegrations(access: SupervisorAccess): Promise<ReadonlySet<string> | undefined> {
  const components = await ask(access, "/core/api/components", coreComponents);
  return components && new Set(components);
}

async function ask<Answer>(
  { url, token, signal }: SupervisorAccess,
  path: string,
  shape: z.ZodType<Answer>,
): Promise<Answer | undefined> {
  let body: unknown;
  try {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    if (response.status === 400 || response.status === 403) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    body = await response.json();
  } catch (cause) {
    throw new CarportError("SUPERVISOR_UNREACHABLE", path, { cause });
  }
  const parsed = shape.safeParse(body);
  // The answer may hold a password: the reason given names the field, never the value.
  if (!parsed.success)
    throw new CarportError("SUPERVISOR_UNREACHABLE", `${path}: ${parsed.error.issues[0]?.path.join(".") ?? ""}`);
  return parsed.data;
}
