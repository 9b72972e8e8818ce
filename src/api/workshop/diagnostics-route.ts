import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../app.ts";
import type { Workshop } from "./workshop.ts";

const route = createRoute({
  method: "get",
  path: "/api/diagnostics",
  summary: "A file for whoever helps: settings, states, counters and the log, without secrets, VINs, places or values",
  responses: {
    200: {
      description: "The file",
      content: { "application/json": { schema: z.looseObject({ carport: z.string() }) } },
    },
  },
});

/** Sent as it is, to be kept as a file: registered by hand, since the library answers with values only. */
export function addDiagnosticsRoute(app: ApiApp, workshop: Pick<Workshop, "diagnostics">): void {
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, (c) =>
    c.body(workshop.diagnostics(), 200, {
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="carport-diagnostics.json"',
      "cache-control": "no-store",
    }),
  );
}
