import { createRoute, z } from "@hono/zod-openapi";
import { logLevels } from "#hub/log-tail.ts";
import type { ApiApp } from "../app.ts";
import { logEntry } from "../contract/workshop.ts";
import { answer, failures, jsonApiHeaders } from "../json-api.ts";
import type { Workshop } from "./workshop.ts";

const route = createRoute({
  method: "get",
  path: "/api/log",
  summary: "The newest lines of the log, newest first; a thousand are kept",
  request: {
    query: z.strictObject({
      "filter[level]": z.enum(logLevels).default("info").describe("Only of this level and above"),
      "page[limit]": z.coerce.number().int().min(1).max(1_000).default(200).describe("At most so many"),
    }),
  },
  responses: { ...answer(z.array(logEntry), "The lines"), ...failures.invalid },
});

export function addLogRoute(app: ApiApp, { tail }: Pick<Workshop, "tail">): void {
  app.openapi(route, (c) => {
    const query = c.req.valid("query");
    const data = tail.newest(query["page[limit]"], query["filter[level]"]).map(({ number, time, level, text }) => ({
      type: "log-entries" as const,
      id: String(number),
      attributes: { time: new Date(time).toISOString(), level, text },
    }));
    return c.json({ data }, 200, jsonApiHeaders);
  });
}
