import { createRoute, z } from "@hono/zod-openapi";
import { vehicleKinds } from "#domain/vehicle.ts";
import type { ApiApp } from "../app.ts";
import { vehicleResource } from "../contract/resources.ts";
import {
  answer,
  checkIdentity,
  created,
  failures,
  JSON_API,
  jsonApiHeaders,
  linker,
  noContent,
  noQuery,
  resourceBody,
} from "../json-api.ts";
import { type Owner, referredVehicle } from "../owner.ts";
import { describeVehicle, findVehicle } from "./vehicles.ts";

const params = z.object({ vehicle: z.string() });
const attributes = z.strictObject({
  name: z.string().optional(),
  kind: z.enum(vehicleKinds).optional(),
  vin: z.string().nullable().optional().describe("Never shown again; null takes it away"),
});
const relationships = z.strictObject({}).optional();

const create = createRoute({
  method: "post",
  path: "/api/vehicles",
  summary: "Add a vehicle",
  request: { query: noQuery, body: resourceBody(attributes.extend({ name: z.string() }), relationships) },
  responses: { ...created(vehicleResource, "The vehicle"), ...failures.edit },
});

const update = createRoute({
  method: "patch",
  path: "/api/vehicles/{vehicle}",
  summary: "Change a vehicle; its id stays",
  request: { params, query: noQuery, body: resourceBody(attributes.optional(), relationships) },
  responses: { ...answer(vehicleResource, "The vehicle"), ...failures.edit },
});

const remove = createRoute({
  method: "delete",
  path: "/api/vehicles/{vehicle}",
  summary: "Remove a vehicle that no device is in; what was measured on it is kept",
  request: { params, query: noQuery },
  responses: { ...noContent, ...failures.edit },
});

const merge = createRoute({
  method: "post",
  path: "/api/vehicles/{vehicle}/merge",
  summary: "Take in another vehicle: its devices move here, and it is removed",
  request: {
    params,
    query: noQuery,
    body: {
      required: true,
      content: { [JSON_API]: { schema: z.object({ data: z.strictObject({ type: z.string(), id: z.string() }) }) } },
    },
  },
  responses: { ...answer(vehicleResource, "The vehicle with all devices"), ...failures.edit },
});

export function addVehicleEditRoutes(app: ApiApp, { garage }: Owner): void {
  const described = (id: string, ingressPath: string | undefined) =>
    describeVehicle(findVehicle(garage, id), garage, linker(ingressPath));

  app.openapi(create, async (c) => {
    const { data } = c.req.valid("json");
    checkIdentity(data, "vehicles");
    const { name, ...rest } = data.attributes;
    const id = await garage.addVehicle({ name, ...present(rest) });
    const made = described(id, c.req.header("x-ingress-path"));
    return c.json({ data: made }, 201, { ...jsonApiHeaders, location: made.links["self"] ?? "" });
  });

  app.openapi(update, async (c) => {
    const { data } = c.req.valid("json");
    const { id } = findVehicle(garage, c.req.valid("param").vehicle);
    checkIdentity(data, "vehicles", id);
    const { name, vin, ...rest } = data.attributes ?? {};
    await garage.updateVehicle(id, {
      ...(name !== undefined && { name }),
      ...present({ vin, ...rest }),
      ...(vin === null && { vin }),
    });
    return c.json({ data: described(id, c.req.header("x-ingress-path")) }, 200, jsonApiHeaders);
  });

  app.openapi(remove, async (c) => {
    await garage.removeVehicle(findVehicle(garage, c.req.valid("param").vehicle).id);
    return c.body(null, 204);
  });

  app.openapi(merge, async (c) => {
    const into = findVehicle(garage, c.req.valid("param").vehicle).id;
    await garage.mergeVehicles(referredVehicle(garage, c.req.valid("json").data), into);
    return c.json({ data: described(into, c.req.header("x-ingress-path")) }, 200, jsonApiHeaders);
  });
}

const present = ({ kind, vin }: Partial<z.infer<typeof attributes>>) => ({
  ...(kind !== undefined && { kind }),
  ...(typeof vin === "string" && { vin }),
});
