import { createRoute, z } from "@hono/zod-openapi";
import type { Device } from "#domain/device.ts";
import type { Signal } from "#domain/signal.ts";
import type { Garage, Latest } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type SignalResource, signalResource } from "../contract/resources.ts";
import { describeSignal } from "../contract/signal.ts";
import { answer, failures, jsonApiHeaders, linker, noQuery } from "../json-api.ts";
import { findDevice } from "./devices.ts";
import { findVehicle } from "./vehicles.ts";

const responses = {
  ...answer(z.array(signalResource), "The signals with their newest values"),
  ...failures.invalid,
  ...failures.notFound,
};

const ofVehicle = createRoute({
  method: "get",
  path: "/api/vehicles/{vehicle}/signals",
  summary: "Newest value of each signal of a vehicle",
  request: { params: z.object({ vehicle: z.string() }), query: noQuery },
  responses,
});

const ofDevice = createRoute({
  method: "get",
  path: "/api/devices/{device}/signals",
  summary: "Newest value of each signal of a device",
  request: { params: z.object({ device: z.string() }), query: noQuery },
  responses,
});

export function addSignalRoutes(app: ApiApp, { garage }: ApiContext): void {
  app.openapi(ofVehicle, (c) => {
    const { id } = findVehicle(garage, c.req.valid("param").vehicle);
    const link = linker(c.req.header("x-ingress-path"));
    const devices = garage.devices().filter(({ record }) => record.vehicle === id);
    return c.json({ data: devices.flatMap((device) => describe(device, garage, link)) }, 200, jsonApiHeaders);
  });
  app.openapi(ofDevice, (c) => {
    const device = findDevice(garage, c.req.valid("param").device);
    const link = linker(c.req.header("x-ingress-path"));
    return c.json({ data: describe(device, garage, link) }, 200, jsonApiHeaders);
  });
}

function describe(device: Device, garage: Garage, link: (path: string) => string): SignalResource[] {
  const { id } = device.record;
  const latest = garage.latest(id);
  return device.status.signals.map((signal): SignalResource => {
    const newest = latest.get(signal.key);
    return {
      type: "signals",
      id: `${id}.${signal.key}`,
      attributes: {
        ...describeSignal(signal),
        value: newest ? meaning(signal, newest) : null,
        time: newest ? new Date(newest.time).toISOString() : null,
      },
      relationships: {
        device: { data: { type: "devices", id } },
        history: { links: { related: link(`/api/devices/${id}/signals/${signal.key}/history`) } },
      },
    };
  });
}

function meaning(signal: Signal, { value }: Latest): number | boolean | string | null {
  switch (signal.type) {
    case "number":
      return value;
    case "boolean":
      return value !== 0;
    case "enum":
      return signal.states[value] ?? null;
  }
}
