import { createRoute } from "@hono/zod-openapi";
import type { StoreCounters } from "#store/series-store.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { healthResource, systemResource, versionResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, noQuery } from "../json-api.ts";
import type { LiveStream } from "../live/live-stream.ts";

const status = (path: string) =>
  createRoute({
    method: "get",
    path,
    summary: "How Carport itself is",
    request: { query: noQuery },
    responses: { ...answer(systemResource, "Version, memory and counters"), ...failures.invalid },
  });

const healthRoute = createRoute({
  method: "get",
  path: "/api/system/health",
  summary: "What is wrong with Carport or its devices now",
  request: { query: noQuery },
  responses: { ...answer(healthResource, "`degraded` with what is wrong, or `ok`"), ...failures.invalid },
});

const versionRoute = createRoute({
  method: "get",
  path: "/api/version",
  summary: "Which Carport this is",
  request: { query: noQuery },
  responses: { ...answer(versionResource, "The version"), ...failures.invalid },
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
  const { garage, owner, store, clock, version, mqttStatus } = context;
  const startedAt = clock.now();
  const started = clock.monotonic();
  const describe = () => {
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
    return { data: { type: "systems" as const, id: "carport" as const, attributes } };
  };
  for (const path of ["/api/system", "/api/system/status"]) {
    app.openapi(status(path), (c) => c.json(describe(), 200, jsonApiHeaders));
  }

  app.openapi(healthRoute, (c) => {
    const wrong = [
      ...(owner?.settings.problems ?? []),
      ...(store.counters().fault ? [store.counters().fault] : []),
      ...garage.devices().map((device) => device.status.fault),
    ];
    const faults = wrong.flatMap((each) => {
      return each ? [{ code: each.code, message: each.message, nextStep: each.nextStep }] : [];
    });
    const attributes = { status: faults.length === 0 ? ("ok" as const) : ("degraded" as const), faults };
    return c.json({ data: { type: "healths" as const, id: "carport" as const, attributes } }, 200, jsonApiHeaders);
  });

  app.openapi(versionRoute, (c) => {
    const attributes = { version, node: process.versions.node };
    return c.json({ data: { type: "versions" as const, id: "carport" as const, attributes } }, 200, jsonApiHeaders);
  });
}
