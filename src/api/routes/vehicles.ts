import { createRoute, z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import { isVehicleId } from "#domain/ids.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import type { Garage } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type VehicleResource, vehicleResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, linker, noQuery } from "../json-api.ts";

const list = createRoute({
  method: "get",
  path: "/api/vehicles",
  summary: "All vehicles",
  request: { query: noQuery },
  responses: { ...answer(z.array(vehicleResource), "The vehicles"), ...failures.invalid },
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
    return c.json({ data: garage.vehicles().map((each) => describe(each, garage, link)) }, 200, jsonApiHeaders);
  });
  app.openapi(one, (c) => {
    const vehicle = findVehicle(garage, c.req.valid("param").vehicle);
    return c.json({ data: describe(vehicle, garage, linker(c.req.header("x-ingress-path"))) }, 200, jsonApiHeaders);
  });
}

export function findVehicle(garage: Garage, id: string): Vehicle {
  const vehicle = isVehicleId(id) ? garage.vehicle(id) : undefined;
  if (!vehicle) throw new CarportError("API_NOT_FOUND", `vehicle ${id.slice(0, 64)}`);
  return vehicle;
}

function describe({ id, name, kind }: Vehicle, garage: Garage, link: (path: string) => string): VehicleResource {
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
