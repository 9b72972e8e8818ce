import { createRoute, type z } from "@hono/zod-openapi";
import { toJSONSchema } from "zod";
import type { ApiApp } from "../app.ts";
import { deviceKindResource } from "../contract/resources.ts";
import { failures, jsonApiHeaders, listAnswer } from "../json-api.ts";
import { listQuery, pageFrame, pageOf, sorted } from "../listing.ts";
import type { KindOfDevice } from "../owner.ts";

const sortFields = { id: ({ kind }: KindOfDevice) => kind, title: ({ title }: KindOfDevice) => title };

const list = createRoute({
  method: "get",
  path: "/api/device-kinds",
  summary: "The kinds of devices there are, with the form of their settings",
  request: { query: listQuery(Object.keys(sortFields), {}) },
  responses: { ...listAnswer(deviceKindResource, "The kinds"), ...failures.invalid },
});

export function addDeviceKindRoute(app: ApiApp, kinds: ReadonlyMap<string, KindOfDevice>): void {
  app.openapi(list, (c) => {
    const query = c.req.valid("query");
    const data = pageOf(sorted([...kinds.values()], query, sortFields), query).map((kind) => ({
      type: "device-kinds" as const,
      id: kind.kind,
      attributes: { title: kind.title, discovers: kind.discover !== undefined, settings: formOf(kind.settings) },
    }));
    return c.json({ data, ...pageFrame(c, query, kinds.size) }, 200, jsonApiHeaders);
  });
}

/** JSON Schema of what an owner may enter. */
export const formOf = (schema: z.ZodType): Record<string, unknown> => ({
  ...toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
});
