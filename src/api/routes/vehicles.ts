import { createRoute, z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import { isVehicleId } from "#domain/ids.ts";
import { type Vehicle, vehicleKinds } from "#domain/vehicle.ts";
import type { Garage } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type VehicleResource, vehicleResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, linker, listAnswer, noQuery } from "../json-api.ts";
import { listQuery, pageFrame, pageOf, sorted } from "../listing.ts";

const sortFields = {
  id: ({ id }: Vehicle) => id,
  name: ({ name }: Vehicle) => name,
  kind: ({ kind }: Vehicle) => kind,
};

const list = createRoute({
  method: "get",
  path: "/api/vehicles",
  summary: "All vehicles",
  request: { query: listQuery(Object.keys(sortFields), { "filter[kind]": z.enum(vehicleKinds).optional() }) },
  responses: { ...listAnswer(vehicleResource, "The vehicles"), ...failures.invalid },
});

const one = createRoute({
  method: "get",
  path: "/api/vehicles/{vehicle}",
  summary: "One vehicle",
  request: { params: z.object({ vehicle: z.string() }), query: noQuery },
  responses: { ...answer(vehicleResource, "The vehicle"), ...failures.invalid, ...failures.notFound },
});

export function addVehicleRoutes(app: ApiApp, { garage }: ApiContext): void {
  app.openapi(list, (c) => {
    const link = linker(c.req.header("x-ingress-path"));
    const query = c.req.valid("query");
    const kind = query["filter[kind]"];
    const vehicles = garage.vehicles().filter((vehicle) => kind === undefined || vehicle.kind === kind);
    const data = pageOf(sorted(vehicles, query, sortFields), query).map((each) => describeVehicle(each, garage, link));
    return c.json({ data, ...pageFrame(c, query, vehicles.length) }, 200, jsonApiHeaders);
  });
  app.openapi(one, (c) => {
    const vehicle = findVehicle(garage, c.req.valid("param").vehicle);
    return c.json(
      { data: describeVehicle(vehicle, garage, linker(c.req.header("x-ingress-path"))) },
      200,
      jsonApiHeaders,
    );
  });
}

export function findVehicle(garage: Garage, id: string): Vehicle {
  const vehicle = isVehicleId(id) ? garage.vehicle(id) : undefined;
  if (!vehicle) throw new CarportError("API_NOT_FOUND", `vehicle ${id.slice(0, 64)}`);
  return vehicle;
}

export function describeVehicle(
  { id, name, kind }: Vehicle,
  garage: Garage,
  link: (path: string) => string,
): VehicleResource {
  const self = link(`/api/vehicles/${id}`);
  const devices = garage.devices().filter(({ record }) => record.vehicle === id);
  return {
    type: "vehicles",
    id,
    attributes: { name, kind },
    relationships: {
      devices: { data: devices.map(({ record }) => ({ type: "devices", id: record.id })) },
      signals: { links: { related: `${self}/signals` } },
    },
    links: { self },
  };
}
