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

// Supervisor API, GET /services/mqtt. `ssl` and the credentials may be missing or null with foreign providers.
const answer = z.object({
  result: z.literal("ok"),
  data: z.object({
    host: z.string().min(1),
    port: z.coerce.number().int().min(1).max(65_535),
    ssl: z.boolean().nullish(),
    username: z.string().nullish(),
    password: z.string().nullish(),
  }),
});

const LIMIT_MS = 10_000;

export interface SupervisorAccess {
  /** `http://supervisor` in an app. */
  readonly url: string;
  /** SUPERVISOR_TOKEN of the container. */
  readonly token: string;
  readonly signal: AbortSignal;
}

/**
 * Asks the Supervisor for the broker. Undefined when no MQTT app is installed (400) or the app may not ask (403).
 * @throws CarportError SUPERVISOR_UNREACHABLE after 10 s, or on an answer that makes no sense.
 */
export async function offeredBroker({ url, token, signal }: SupervisorAccess): Promise<OfferedBroker | undefined> {
  let body: unknown;
  try {
    const response = await fetch(`${url}/services/mqtt`, {
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
    throw new CarportError("SUPERVISOR_UNREACHABLE", "MQTT service of Home Assistant", { cause });
  }
  const parsed = answer.safeParse(body);
  // The answer holds a password: the reason given names the field, never the value.
  if (!parsed.success)
    throw new CarportError("SUPERVISOR_UNREACHABLE", `MQTT service: ${parsed.error.issues[0]?.path.join(".") ?? ""}`);
  const { host, port, ssl, username, password } = parsed.data.data;
  return { host, port, tls: ssl ?? false, username: username ?? "", password: password ?? "" };
}
