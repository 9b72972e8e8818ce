import { createRoute, z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import type { DeviceId } from "#domain/ids.ts";
import { isDeviceId } from "#domain/ids.ts";
import { deviceActions } from "#hub/device-actions.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { actionResource, deviceResource } from "../contract/resources.ts";
import {
  answer,
  checkIdentity,
  created,
  failures,
  jsonApiHeaders,
  linkageBody,
  linker,
  listAnswer,
  noContent,
  noQuery,
  resourceBody,
} from "../json-api.ts";
import { listQuery, pageFrame, pageOf, sorted } from "../listing.ts";
import { type Owner, referredVehicle } from "../owner.ts";
import { describeDevice, findDevice } from "./devices.ts";

const params = z.object({ device: z.string() });

// What the values may be is the settings' to say: the same rules hold for files and variables.
const attributes = z.strictObject({
  name: z.string().optional(),
  enabled: z.boolean().optional(),
  reconnect: z.record(z.string(), z.number()).nullable().optional().describe("retries, retrySeconds, reconnectSeconds"),
  settings: z.record(z.string(), z.unknown()).optional().describe("Changes what it names; null takes away"),
});
const relationships = z.strictObject({ vehicle: linkageBody.optional() }).optional();

const create = createRoute({
  method: "post",
  path: "/api/devices",
  summary: "Add a device",
  request: {
    query: noQuery,
    body: resourceBody(attributes.extend({ name: z.string(), kind: z.string() }), relationships),
  },
  responses: { ...created(deviceResource, "The device"), ...failures.edit },
});

const configure = createRoute({
  method: "post",
  path: "/api/devices/{device}",
  summary: "Take in a device that was found",
  request: { params, query: noQuery, body: resourceBody(attributes.optional(), relationships) },
  responses: { ...created(deviceResource, "The device"), ...failures.edit },
});

const update = createRoute({
  method: "patch",
  path: "/api/devices/{device}",
  summary: "Change a device; applies without a restart",
  request: { params, query: noQuery, body: resourceBody(attributes.optional(), relationships) },
  responses: { ...answer(deviceResource, "The device"), ...failures.edit },
});

const remove = createRoute({
  method: "delete",
  path: "/api/devices/{device}",
  summary: "Remove a device; what it measured is kept. One that was only found is ignored from then on",
  request: { params, query: noQuery },
  responses: { ...noContent, ...failures.edit },
});

const actions = createRoute({
  method: "get",
  path: "/api/devices/{device}/actions",
  summary: "What can be done with a device",
  request: { params, query: listQuery(["id"], {}) },
  responses: { ...listAnswer(actionResource, "The actions"), ...failures.invalid, ...failures.notFound },
});

const act = createRoute({
  method: "post",
  path: "/api/devices/{device}/actions/{action}",
  summary: "Do something with a device",
  request: { params: params.extend({ action: z.string() }), query: noQuery },
  responses: { ...noContent, ...failures.edit },
});

export function addDeviceEditRoutes(app: ApiApp, context: ApiContext, owner: Owner): void {
  const { garage } = owner;
  const described = (id: DeviceId, ingressPath: string | undefined) =>
    describeDevice(findDevice(garage, id), context, linker(ingressPath));

  app.openapi(create, async (c) => {
    const { data } = c.req.valid("json");
    checkIdentity(data, "devices");
    const { name, kind, ...rest } = data.attributes;
    const id = await garage.addDevice({ name, kind, ...draft(rest, data.relationships, owner) });
    const made = described(id, c.req.header("x-ingress-path"));
    return c.json({ data: made }, 201, { ...jsonApiHeaders, location: made.links["self"] ?? "" });
  });

  app.openapi(configure, async (c) => {
    const { data } = c.req.valid("json");
    const id = deviceIdOf(c.req.valid("param").device);
    checkIdentity(data, "devices", id);
    if (garage.device(id)) throw new CarportError("API_CONFLICT", `device ${id}, which is configured already`);
    await garage.adopt(id, draft(data.attributes ?? {}, data.relationships, owner));
    const made = described(id, c.req.header("x-ingress-path"));
    return c.json({ data: made }, 201, { ...jsonApiHeaders, location: made.links["self"] ?? "" });
  });

  app.openapi(update, async (c) => {
    const { data } = c.req.valid("json");
    const { id } = findDevice(garage, c.req.valid("param").device).record;
    checkIdentity(data, "devices", id);
    const { reconnect } = data.attributes ?? {};
    const vehicle = data.relationships?.vehicle?.data;
    await garage.updateDevice(id, {
      ...draft(data.attributes ?? {}, data.relationships, owner),
      ...(reconnect === null && { reconnect }),
      ...(vehicle === null && { vehicle }),
    });
    return c.json({ data: described(id, c.req.header("x-ingress-path")) }, 200, jsonApiHeaders);
  });

  app.openapi(remove, async (c) => {
    const id = deviceIdOf(c.req.valid("param").device);
    if (garage.device(id)) await garage.removeDevice(id);
    else await garage.ignore(id, true);
    return c.body(null, 204);
  });

  app.openapi(actions, (c) => {
    findDevice(garage, c.req.valid("param").device);
    const query = c.req.valid("query");
    const all = [...deviceActions].map(([id, { title }]) => ({ type: "actions" as const, id, attributes: { title } }));
    const data = [...pageOf(sorted(all, query, { id: ({ id }) => id }), query)];
    return c.json({ data, ...pageFrame(c, query, all.length) }, 200, jsonApiHeaders);
  });

  app.openapi(act, async (c) => {
    const { device, action } = c.req.valid("param");
    const { id } = findDevice(garage, device).record;
    const wanted = deviceActions.get(action);
    if (!wanted) throw new CarportError("API_NOT_FOUND", `action ${action.slice(0, 64)}`);
    await wanted.run(garage, id);
    return c.body(null, 204);
  });
}

/** What a document says of a device, as an edit wants it: what is absent or null is left out. */
function draft(
  { name, enabled, settings, reconnect }: Partial<z.infer<typeof attributes>>,
  related: z.infer<typeof relationships>,
  { garage }: Owner,
) {
  const vehicle = related?.vehicle?.data;
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(settings && { settings }),
    ...(reconnect && { reconnect }),
    ...(vehicle && { vehicle: referredVehicle(garage, vehicle) }),
  };
}

function deviceIdOf(text: string): DeviceId {
  if (!isDeviceId(text)) throw new CarportError("DEVICE_UNKNOWN", text.slice(0, 64));
  return text;
}
