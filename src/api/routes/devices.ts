import { createRoute, z } from "@hono/zod-openapi";
import type { Device } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import { isDeviceId } from "#domain/ids.ts";
import type { Garage } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type DeviceResource, deviceResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, linker, noQuery } from "../json-api.ts";

const list = createRoute({
  method: "get",
  path: "/api/devices",
  summary: "All devices",
  request: { query: noQuery },
  responses: { ...answer(z.array(deviceResource), "The devices"), ...failures.invalid },
});

const one = createRoute({
  method: "get",
  path: "/api/devices/{device}",
  summary: "One device",
  request: { params: z.object({ device: z.string() }), query: noQuery },
  responses: { ...answer(deviceResource, "The device"), ...failures.invalid, ...failures.notFound },
});

export function addDeviceRoutes(app: ApiApp, { garage }: ApiContext): void {
  app.openapi(list, (c) => {
    const link = linker(c.req.header("x-ingress-path"));
    return c.json({ data: garage.devices().map((device) => describe(device, link)) }, 200, jsonApiHeaders);
  });
  app.openapi(one, (c) => {
    const device = findDevice(garage, c.req.valid("param").device);
    return c.json({ data: describe(device, linker(c.req.header("x-ingress-path"))) }, 200, jsonApiHeaders);
  });
}

export function findDevice(garage: Garage, id: string): Device {
  const device = isDeviceId(id) ? garage.device(id) : undefined;
  if (!device) throw new CarportError("API_NOT_FOUND", `device ${id.slice(0, 64)}`);
  return device;
}

const iso = (time: number) => new Date(time).toISOString();

/** Without the settings: they may hold secrets, which only the kind's own schema marks. */
function describe({ record, status }: Device, link: (path: string) => string): DeviceResource {
  const self = link(`/api/devices/${record.id}`);
  return {
    type: "devices",
    id: record.id,
    attributes: {
      name: record.name,
      kind: record.kind,
      enabled: record.enabled,
      state: status.state,
      stateSince: iso(status.since),
      lastSeen: status.lastSeen === undefined ? null : iso(status.lastSeen),
      fault: status.fault ?? null,
      identity: status.identity,
      counters: { ...status.counters },
    },
    relationships: {
      vehicle: { data: record.vehicle === undefined ? null : { type: "vehicles", id: record.vehicle } },
      signals: { links: { related: `${self}/signals` } },
    },
    links: { self },
  };
}
