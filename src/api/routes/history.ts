import { createRoute, z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import { isDeviceId, isSignalKey } from "#domain/ids.ts";
import type { SeriesQuery, SeriesStore } from "#store/series-store.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type HistoryResource, historyResource } from "../contract/resources.ts";
import { answer, failures, jsonApiHeaders } from "../json-api.ts";
import { findVehicle } from "./vehicles.ts";

const DEFAULT_SPAN_MS = 15 * 60_000;

const time = z.iso.datetime({ offset: true, error: "a time like 2026-01-31T12:00:00Z" }).transform(Date.parse);

const query = z
  .strictObject({
    "filter[from]": time.optional().describe("Inclusive; 15 minutes before the end when absent"),
    "filter[to]": time.optional().describe("Exclusive; now when absent"),
    "filter[vehicle]": z.string().optional().describe("Only what was measured on this vehicle"),
    maxPoints: z.coerce.number().int().min(1).max(5_000).default(600).describe("Above it, buckets are returned"),
  })
  .refine((value) => (value["filter[from]"] ?? 0) < (value["filter[to]"] ?? Number.POSITIVE_INFINITY), {
    path: ["filter[from]"],
    error: "it must be before filter[to]",
  });

const route = createRoute({
  method: "get",
  path: "/api/devices/{device}/signals/{signal}/history",
  summary: "A signal over time: every sample, or buckets where there are too many",
  request: { params: z.object({ device: z.string(), signal: z.string() }), query },
  responses: { ...answer(historyResource, "The history"), ...failures.invalid, ...failures.notFound },
});

export function addHistoryRoute(app: ApiApp, { garage, store, clock }: ApiContext): void {
  app.openapi(route, (c) => {
    const { device, signal } = c.req.valid("param");
    const asked = c.req.valid("query");
    // A device that was removed keeps its history, and one that has just been opened has not met its signals yet.
    const known =
      isDeviceId(device) &&
      isSignalKey(signal) &&
      (garage.device(device)?.status.signals.some(({ key }) => key === signal) ||
        store.channels().some((channel) => channel.device === device && channel.signal.key === signal));
    if (!known) throw new CarportError("API_NOT_FOUND", `signal ${signal.slice(0, 64)} of ${device.slice(0, 64)}`);
    const vehicle = asked["filter[vehicle]"];
    const to = asked["filter[to]"] ?? clock.now();
    const from = asked["filter[from]"] ?? to - DEFAULT_SPAN_MS;
    const span = { device, signal, from, to, ...(vehicle && { vehicle: findVehicle(garage, vehicle).id }) };
    const data: HistoryResource = {
      type: "histories",
      id: `${device}.${signal}`,
      attributes: read(store, span, asked.maxPoints),
    };
    return c.json({ data }, 200, jsonApiHeaders);
  });
}

function read(store: SeriesStore, query: SeriesQuery, maxPoints: number): HistoryResource["attributes"] {
  const range = { from: new Date(query.from).toISOString(), to: new Date(query.to).toISOString() };
  const { widthMs, times, min, max, mean, count } = store.downsample(query, maxPoints);
  const samples = count.reduce((sum, each) => sum + each, 0);
  if (samples <= maxPoints) {
    const exact = store.read(query, maxPoints);
    return { resolution: "samples", ...range, times: Array.from(exact.times), values: Array.from(exact.values) };
  }
  return {
    resolution: "buckets",
    ...range,
    widthMs,
    times: Array.from(times),
    min: Array.from(min),
    max: Array.from(max),
    mean: Array.from(mean),
    count: Array.from(count),
  };
}
