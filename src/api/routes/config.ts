import { createRoute, z } from "@hono/zod-openapi";
import { merged } from "#hub/settings/merged.ts";
import { systemSettings } from "#hub/settings/system-settings.ts";
import type { ApiApp } from "../app.ts";
import { configResource } from "../contract/resources.ts";
import { answer, checkIdentity, failures, jsonApiHeaders, noQuery, resourceBody } from "../json-api.ts";
import { type Owner, secretPaths, withoutSecrets } from "../owner.ts";
import { formOf } from "./device-kinds.ts";

const read = createRoute({
  method: "get",
  path: "/api/system/config",
  summary: "The settings of Carport itself",
  request: { query: noQuery },
  responses: { ...answer(configResource, "The settings"), ...failures.invalid },
});

const update = createRoute({
  method: "patch",
  path: "/api/system/config",
  summary: "Change settings: those that are named, null brings back the default. Applies without a restart",
  request: {
    query: noQuery,
    body: resourceBody(z.record(z.string(), z.unknown()), z.strictObject({}).optional()),
  },
  responses: { ...answer(configResource, "The settings"), ...failures.edit },
});

export function addConfigRoutes(app: ApiApp, { settings }: Owner): void {
  const secrets = secretPaths(systemSettings);
  const schema = formOf(systemSettings);
  const describe = () => ({
    type: "configs" as const,
    id: "carport" as const,
    attributes: withoutSecrets(settings.system, secrets),
    meta: {
      schema,
      overrides: settings.overrides.map(({ variable, path }) => ({ variable, path: path.join(".") })),
      problems: settings.problems.map(({ code, message, nextStep }) => ({ code, message, nextStep })),
    },
  });

  app.openapi(read, (c) => c.json({ data: describe() }, 200, jsonApiHeaders));
  app.openapi(update, async (c) => {
    const { data } = c.req.valid("json");
    checkIdentity(data, "configs", "carport");
    await settings.editSystem((raw) => merged(raw, data.attributes));
    return c.json({ data: describe() }, 200, jsonApiHeaders);
  });
}
