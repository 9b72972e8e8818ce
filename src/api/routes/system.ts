import { createRoute } from "@hono/zod-openapi";
import type { StoreCounters } from "#store/series-store.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { systemResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, noQuery } from "../json-api.ts";
import type { LiveStream } from "../live/live-stream.ts";

const route = createRoute({
  method: "get",
  path: "/api/system",
  summary: "How Carport itself is",
  request: { query: noQuery },
  responses: { ...answer(systemResource, "Version, memory and counters"), ...failures.invalid },
});

/** The API's words for the store's state: an error has a next step only as one. */
function storeState({ fault, setAside, ...totals }: StoreCounters) {
  return {
    ...totals,
    fault: fault ? { code: fault.code, message: fault.message, nextStep: fault.nextStep } : null,
    setAside: [...setAside],
  };
}

export function addSystemRoute(app: ApiApp, context: ApiContext, stream: LiveStream): void {
  const { garage, store, clock, version, mqttStatus } = context;
  const startedAt = clock.now();
  const started = clock.monotonic();
  app.openapi(route, (c) => {
    const { rss, heapUsed } = process.memoryUsage();
    const attributes = {
      version,
      node: process.versions.node,
      startedAt: new Date(startedAt).toISOString(),
      uptimeSeconds: Math.round((clock.monotonic() - started) / 1000),
      memory: { residentBytes: rss, heapUsedBytes: heapUsed },
      store: storeState(store.counters()),
      live: stream.counters,
      listenerFailures: garage.bus.failures,
      mqtt: mqttStatus ? { ...mqttStatus() } : null,
    };
    return c.json({ data: { type: "systems" as const, id: "carport" as const, attributes } }, 200, jsonApiHeaders);
  });
}
