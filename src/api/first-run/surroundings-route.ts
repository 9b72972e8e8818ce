import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../app.ts";
import { type Surroundings, surroundingsResource } from "../contract/surroundings.ts";
import { answer, failures, jsonApiHeaders, noQuery } from "../json-api.ts";

const route = createRoute({
  method: "get",
  path: "/api/surroundings",
  summary: "What there is to begin with: broker, serial adapters, CAN interfaces, ways to Bluetooth",
  request: { query: noQuery },
  responses: { ...answer(surroundingsResource, "What was found now"), ...failures.invalid },
});

export function addSurroundingsRoute(app: ApiApp, lookAround: (signal: AbortSignal) => Promise<Surroundings>): void {
  app.openapi(route, async (c) => {
    const attributes = await lookAround(c.req.raw.signal);
    const data = { type: "surroundings" as const, id: "carport" as const, attributes };
    return c.json({ data }, 200, jsonApiHeaders);
  });
}
