import { createRoute, z } from "@hono/zod-openapi";
import { type Device, deviceStates, type FoundDevice } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import { isDeviceId } from "#domain/ids.ts";
import type { Garage } from "#hub/garage.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type DeviceResource, deviceResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders, linker, listAnswer, noQuery } from "../json-api.ts";
import { listQuery, pageFrame, pageOf, sorted } from "../listing.ts";
import { shownSettings } from "../owner.ts";

const sortFields = {
  id: ({ record }: Device) => record.id,
  name: ({ record }: Device) => record.name,
  kind: ({ record }: Device) => record.kind,
  state: ({ status }: Device) => status.state,
  lastSeen: ({ status }: Device) => status.lastSeen ?? 0,
};

const filters = {
  "filter[state]": z.enum(deviceStates).optional(),
  "filter[kind]": z.string().max(64).optional(),
  "filter[vehicle]": z.string().max(64).optional(),
};

const list = createRoute({
  method: "get",
  path: "/api/devices",
  summary: "All devices, those that wait for their owner included (state: discovered)",
  request: { query: listQuery(Object.keys(sortFields), filters) },
  responses: { ...listAnswer(deviceResource, "The devices"), ...failures.invalid },
});

const one = createRoute({
  method: "get",
  path: "/api/devices/{device}",
  summary: "One device",
  request: { params: z.object({ device: z.string() }), query: noQuery },
  responses: { ...answer(deviceResource, "The device"), ...failures.invalid, ...failures.notFound },
});

export function addDeviceRoutes(app: ApiApp, context: ApiContext): void {
  const { garage, owner } = context;
  const waiting = () => (owner?.garage.found() ?? []).filter(({ ignored }) => !ignored).map(asDevice);

  app.openapi(list, (c) => {
    const link = linker(c.req.header("x-ingress-path"));
    const query = c.req.valid("query");
    const { "filter[state]": state, "filter[kind]": kind, "filter[vehicle]": vehicle } = query;
    const devices = [...garage.devices(), ...waiting()].filter(
      ({ record, status }) =>
        (state === undefined || status.state === state) &&
        (kind === undefined || record.kind === kind) &&
        (vehicle === undefined || record.vehicle === vehicle),
    );
    const data = pageOf(sorted(devices, query, sortFields), query).map((each) => describeDevice(each, context, link));
    return c.json({ data, ...pageFrame(c, query, devices.length) }, 200, jsonApiHeaders);
  });
  app.openapi(one, (c) => {
    const { device: id } = c.req.valid("param");
    const device = waiting().find(({ record }) => record.id === id) ?? findDevice(garage, id);
    const link = linker(c.req.header("x-ingress-path"));
    return c.json({ data: describeDevice(device, context, link) }, 200, jsonApiHeaders);
  });
}

export function findDevice(garage: Garage, id: string): Device {
  const device = isDeviceId(id) ? garage.device(id) : undefined;
  if (!device) throw new CarportError("API_NOT_FOUND", `device ${id.slice(0, 64)}`);
  return device;
}

/** A device that waits for its owner, in the words of one that does not. */
const asDevice = ({ id, kind, name, settings, foundAt }: FoundDevice): Device => ({
  record: { id, kind, name, settings, enabled: false },
  status: { state: "discovered", since: foundAt, identity: {}, signals: [], counters: {} },
});

const iso = (time: number) => new Date(time).toISOString();

export function describeDevice(
  { record, status }: Device,
  { owner }: Pick<ApiContext, "owner">,
  link: (path: string) => string,
): DeviceResource {
  const self = link(`/api/devices/${record.id}`);
  return {
    type: "devices",
    id: record.id,
    attributes: {
      name: record.name,
      kind: record.kind,
      enabled: record.enabled,
      settings: shownSettings(owner?.kinds.get(record.kind), record.settings),
      reconnect: record.reconnect ?? null,
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
