import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../app.ts";
import { changeResource } from "../contract/changes.ts";
import { answer, failures, jsonApiHeaders } from "../json-api.ts";
import type { ChangeLog } from "./change-log.ts";

const route = createRoute({
  method: "get",
  path: "/api/changes",
  summary: "Who changed what through the API, newest first",
  request: {
    query: z.strictObject({ "page[limit]": z.coerce.number().int().min(1).max(1_000).default(100) }),
  },
  responses: { ...answer(z.array(changeResource), "The changes, without values"), ...failures.invalid },
});

export function addChangesRoute(app: ApiApp, changes: ChangeLog): void {
  app.openapi(route, async (c) => {
    const newest = await changes.newest(c.req.valid("query")["page[limit]"]);
    const data = newest.map((attributes, index) => ({
      type: "changes" as const,
      id: `${attributes.time}-${index}`,
      attributes,
    }));
    return c.json({ data }, 200, jsonApiHeaders);
  });
}
