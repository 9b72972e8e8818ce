import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "#domain/clock.ts";
import { callerName } from "../access/caller.ts";
import type { ChangeLog } from "./change-log.ts";

const MOST_FIELDS = 30;
const LONGEST = 200;
const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** Writes down who changed what, for each request that changed something: the names of what was sent, never a value. */
export function recordChanges(changes: ChangeLog, clock: Clock): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (READING.has(c.req.method) || c.res.status >= 400) return;
    const caller = c.get("caller");
    const user = caller.via === "home-assistant" ? caller.user?.id : undefined;
    await changes.record({
      time: new Date(clock.now()).toISOString(),
      who: callerName(caller),
      ...(user !== undefined && { user }),
      method: c.req.method,
      path: c.req.path.slice(0, LONGEST),
      fields: await sentFields(c),
    });
  };
}

async function sentFields(c: Context): Promise<string[]> {
  // The route has read it, and Hono keeps it; a request without a body has none.
  const body: unknown = await c.req.json().catch(() => undefined);
  const data = property(body, "data");
  const names = [...namesOf(property(data, "attributes")), ...Object.keys(Object(property(data, "relationships")))];
  return names.slice(0, MOST_FIELDS).map((name) => name.slice(0, LONGEST));
}

function namesOf(value: unknown, within = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = within + key;
    const deeper = within === "" ? namesOf(inner, `${path}.`) : [];
    return deeper.length > 0 ? deeper : [path];
  });
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
