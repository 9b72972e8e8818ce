import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Device } from "#domain/device.ts";
import type { Signal, SignalGroup } from "#domain/signal.ts";
import type { Garage, Latest } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type SignalResource, signalResource } from "../contract/resources.ts";
import { describeSignal, signalDefinition } from "../contract/signal.ts";
import { failures, jsonApiHeaders, linker, listAnswer } from "../json-api.ts";
import { type ListQuery, listQuery, pageFrame, pageOf, sorted } from "../listing.ts";
import { findDevice } from "./devices.ts";
import { findVehicle } from "./vehicles.ts";

const sortFields = {
  key: ({ attributes }: SignalResource) => attributes.key,
  name: ({ attributes }: SignalResource) => attributes.name,
  group: ({ attributes }: SignalResource) => attributes.group,
  time: ({ attributes }: SignalResource) => attributes.time ?? "",
};
const filters = { "filter[group]": signalDefinition.shape.group.optional() };

const responses = {
  ...listAnswer(signalResource, "The signals with their newest values"),
  ...failures.invalid,
  ...failures.notFound,
};

const ofVehicle = createRoute({
  method: "get",
  path: "/api/vehicles/{vehicle}/signals",
  summary: "Newest value of each signal of a vehicle",
  request: { params: z.object({ vehicle: z.string() }), query: listQuery(Object.keys(sortFields), filters, 1_000) },
  responses,
});

const ofDevice = createRoute({
  method: "get",
  path: "/api/devices/{device}/signals",
  summary: "Newest value of each signal of a device",
  request: { params: z.object({ device: z.string() }), query: listQuery(Object.keys(sortFields), filters, 1_000) },
  responses,
});

export function addSignalRoutes(app: ApiApp, { garage }: ApiContext): void {
  app.openapi(ofVehicle, (c) => {
    const { id } = findVehicle(garage, c.req.valid("param").vehicle);
    const link = linker(c.req.header("x-ingress-path"));
    const devices = garage.devices().filter(({ record }) => record.vehicle === id);
    const all = devices.flatMap((device) => describe(device, garage, link));
    return c.json(listed(c, all, c.req.valid("query")), 200, jsonApiHeaders);
  });
  app.openapi(ofDevice, (c) => {
    const device = findDevice(garage, c.req.valid("param").device);
    const link = linker(c.req.header("x-ingress-path"));
    return c.json(listed(c, describe(device, garage, link), c.req.valid("query")), 200, jsonApiHeaders);
  });
}

function listed(
  c: Context,
  all: readonly SignalResource[],
  query: ListQuery & { "filter[group]"?: SignalGroup | undefined },
) {
  const group = query["filter[group]"];
  const signals = all.filter(({ attributes }) => group === undefined || attributes.group === group);
  return { data: [...pageOf(sorted(signals, query, sortFields), query)], ...pageFrame(c, query, signals.length) };
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

/** A value in the words of its signal's type; null for a code without a name. */
export function meaning(signal: Signal, { value }: Pick<Latest, "value">): number | boolean | string | null {
  switch (signal.type) {
    case "number":
      return value;
    case "boolean":
      return value !== 0;
    case "enum":
      return signal.states[value] ?? null;
  }
}
