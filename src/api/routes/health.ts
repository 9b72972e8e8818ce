import { createRoute } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../app.ts";
import { health } from "../contract/resources.ts";

const route = createRoute({
  method: "get",
  path: "/api/health",
  summary: "For watchdogs: an answer means that the process lives",
  responses: { 200: { description: "It lives", content: { "application/json": { schema: health } } } },
});

export function addHealthRoute(app: ApiApp, { version }: ApiContext): void {
  app.openapi(route, (c) => c.json({ status: "ok" as const, version }, 200, { "cache-control": "no-store" }));
}
