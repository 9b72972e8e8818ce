import { createRoute, z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import { type DeviceId, isDeviceId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import type { SeriesStore } from "#store/series-store.ts";
import type { ApiApp, ApiContext } from "../app.ts";
import { type ReadingResource, readingResource } from "../contract/resources.ts";
import { failures, jsonApiHeaders, listAnswer } from "../json-api.ts";
import { listQuery, pageFrame } from "../listing.ts";
import { meaning } from "./signals.ts";
import { findVehicle } from "./vehicles.ts";

const DEFAULT_SPAN_MS = 86_400_000;
/** Readings that are left out have to be found all the same. */
const DEEPEST = 10_000;
const time = z.iso.datetime({ offset: true, error: "a time like 2026-01-31T12:00:00Z" }).transform(Date.parse);

const route = createRoute({
  method: "get",
  path: "/api/readings/{device}",
  summary: "What a device has measured, sample by sample, the newest first",
  request: {
    params: z.object({ device: z.string() }),
    query: listQuery(["time"], {
      "filter[start_time]": time.optional().describe("Inclusive; a day before the end when absent"),
      "filter[end_time]": time.optional().describe("Exclusive; now when absent"),
      "filter[signal]": z.string().max(64).optional().describe("Only this one"),
      "filter[vehicle]": z.string().max(64).optional().describe("Only what was measured on this vehicle"),
      "page[offset]": z.coerce.number().int().min(0).max(DEEPEST).default(0).describe("Narrow the time to go deeper"),
    }),
  },
  responses: { ...listAnswer(readingResource, "The readings"), ...failures.invalid, ...failures.notFound },
});

interface Sample {
  readonly signal: Signal;
  readonly time: number;
  readonly value: number;
  /** How many samples of the signal before it have the same time. */
  readonly repeat: number;
}

export function addReadingRoute(app: ApiApp, { garage, store, clock }: ApiContext): void {
  app.openapi(route, (c) => {
    const { device } = c.req.valid("param");
    const query = c.req.valid("query");
    if (!isDeviceId(device)) throw new CarportError("API_NOT_FOUND", `device ${device.slice(0, 64)}`);
    const known = signalsOf(device);
    if (known.size === 0 && !garage.device(device)) throw new CarportError("API_NOT_FOUND", `device ${device}`);
    const wanted = query["filter[signal]"];
    const signals = [...known.values()].filter(({ key }) => wanted === undefined || key === wanted);
    const vehicle = query["filter[vehicle]"];
    const to = query["filter[end_time]"] ?? clock.now() + 1;
    const from = Math.min(query["filter[start_time]"] ?? to - DEFAULT_SPAN_MS, to);
    const span = { device, from, to, ...(vehicle !== undefined && { vehicle: findVehicle(garage, vehicle).id }) };
    const ascending = query.sort[0]?.descending === false;
    const { total, samples } = recent(store, span, signals, query["page[offset]"] + query["page[limit]"], ascending);
    const data = samples.slice(query["page[offset]"]).map((sample) => describe(device, sample));
    return c.json({ data, ...pageFrame(c, query, total) }, 200, jsonApiHeaders);
  });

  /** Those it measures now, and those it measured once. */
  function signalsOf(device: DeviceId): ReadonlyMap<string, Signal> {
    const kept = store.channels().filter((channel) => channel.device === device);
    const now = garage.device(device)?.status.signals ?? [];
    return new Map([...kept.map(({ signal }) => signal), ...now].map((signal) => [signal.key, signal]));
  }
}

type Span = Omit<Parameters<SeriesStore["read"]>[0], "signal">;

/** How many samples there are in the span, and the first `count` of them from the end that is asked for. */
function recent(store: SeriesStore, span: Span, signals: readonly Signal[], count: number, ascending: boolean) {
  let total = 0;
  const samples: Sample[] = [];
  for (const signal of signals) {
    const query = { ...span, signal: signal.key };
    const held = sum(store.downsample(query, 1).count);
    total += held;
    if (held === 0) continue;
    const { times, values } = store.read(narrowed(store, query, count, ascending));
    const start = ascending ? 0 : Math.max(0, times.length - count);
    for (let at = start; at < Math.min(times.length, start + count); at++) {
      let repeat = 0;
      while (at > repeat && times[at - repeat - 1] === times[at]) repeat++;
      samples.push({ signal, time: times[at] ?? 0, value: values[at] ?? 0, repeat });
    }
  }
  samples.sort((a, b) => (ascending ? a.time - b.time : b.time - a.time) || a.signal.key.localeCompare(b.signal.key));
  return { total, samples: samples.slice(0, count) };
}

const BUCKETS = 100;

/** The part of a range, at its end or its start, that holds at least `count` samples and not many more. */
function narrowed(
  store: SeriesStore,
  query: Parameters<SeriesStore["read"]>[0],
  count: number,
  ascending: boolean,
): Parameters<SeriesStore["read"]>[0] {
  let range = query;
  for (;;) {
    const buckets = store.downsample(range, BUCKETS);
    if (sum(buckets.count) <= count * 4) return range;
    const order = [...buckets.count.keys()];
    if (!ascending) order.reverse();
    let held = 0;
    const last = order.find((at) => {
      held += buckets.count[at] ?? 0;
      return held >= count;
    });
    const edge = buckets.times[last ?? 0] ?? range.from;
    const next = ascending
      ? { ...range, to: Math.min(range.to, edge + buckets.widthMs) }
      : { ...range, from: Math.max(range.from, edge) };
    if (next.from === range.from && next.to === range.to) return range;
    range = next;
  }
}

const sum = (counts: Float64Array): number => counts.reduce((total, each) => total + each, 0);

function describe(device: DeviceId, { signal, time: at, value, repeat }: Sample): ReadingResource {
  return {
    type: "readings",
    id: `${device}.${signal.key}.${at}${repeat === 0 ? "" : `.${repeat}`}`,
    attributes: {
      signal: signal.key,
      name: signal.name,
      unit: signal.type === "number" ? (signal.unit ?? null) : null,
      value: meaning(signal, { value }),
      time: new Date(at).toISOString(),
    },
    relationships: { device: { data: { type: "devices", id: device } } },
  };
}
