import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import Kitsu from "kitsu";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import { isDeviceId } from "#domain/ids.ts";
import { aborted } from "#hub/aborted.ts";
import { Hub } from "#hub/hub.ts";
import { Settings } from "#hub/settings/settings.ts";
import { at } from "../../test/api-server.ts";
import { leafSignals } from "../../test/fake-drive.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { silentLog } from "../../test/memory-garage.ts";
import { MemoryStore } from "../../test/memory-store.ts";
import { noServices } from "../../test/no-services.ts";
import { type Api, startApi } from "./start-api.ts";

const JSON_API = "application/vnd.api+json";
const now = Date.UTC(2026, 5, 1, 12);

const monitor: DeviceKind = {
  kind: "monitor",
  title: "Battery monitor",
  settings: z.strictObject({
    address: z
      .string()
      .regex(/^[0-9A-F:]+$/, "expected an address")
      .describe("Where"),
    pin: z.string().default("").meta({ secret: true, description: "Secret" }),
    minutes: z.int().min(1).default(60).describe("How often"),
  }),
  async *open(_, { signal }) {
    yield { type: "state", state: "asleep" };
    await aborted(signal);
  },
  async *discover() {
    const id = "monitor-ab";
    if (isDeviceId(id)) yield { id, name: "BM6 AB", settings: { address: "AB" }, evidence: "BM6 at AB, 13.28 V" };
  },
};

let folder: string;
let clock: ManualClock;
let settings: Settings;
let hub: Hub;
let store: MemoryStore;
let api: Api;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-rest-"));
  clock = new ManualClock(now);
  const kinds = new Map([[monitor.kind, monitor]]);
  settings = new Settings({ folder, env: {}, kinds, clock, log: silentLog });
  await settings.load();
  hub = new Hub({ settings, kinds, services: noServices, clock, log: silentLog });
  store = new MemoryStore();
  hub.prepare();
  hub.bus.subscribe("batch", ({ device, vehicle, batch }) => store.append(device, vehicle, batch));
  hub.start();
  api = await startApi({
    garage: hub,
    owner: { garage: hub, settings, kinds },
    store,
    clock,
    log: silentLog,
    version: "1.2.3",
    webRoot: "/nowhere",
    settings: { http: { host: "127.0.0.1", port: 0 } },
    signal: new AbortController().signal,
  });
  url = `http://127.0.0.1:${api.port}`;
  await hub.search();
});
afterEach(async () => {
  const stopped = hub.stop();
  await clock.advance(2_000);
  await stopped;
  await api.stop();
  await rm(folder, { recursive: true });
});

async function send(method: string, path: string, document?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { ...(document !== undefined && { "content-type": JSON_API }), ...headers },
    ...(document !== undefined && { body: typeof document === "string" ? document : JSON.stringify(document) }),
  });
  const text = await answer.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: answer.status, headers: answer.headers, body };
}

const device = (attributes: Record<string, unknown>, vehicle?: string) => ({
  data: {
    type: "devices",
    attributes,
    ...(vehicle && { relationships: { vehicle: { data: { type: "vehicles", id: vehicle } } } }),
  },
});
const add = (name = "Starter", vehicle?: string) =>
  send("POST", "/api/devices", device({ kind: "monitor", name, settings: { address: "CD", pin: "hunter2" } }, vehicle));
const file = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), "utf8"));

describe("a device", () => {
  test("is added with 201, its address and a vehicle of its own, and its secrets are never shown", async () => {
    const { status, headers, body } = await add();
    expect(status).toBe(201);
    expect(headers.get("location")).toBe("/api/devices/starter");
    expect(headers.get("content-type")).toBe(JSON_API);
    expect(at(body, "data.attributes.settings")).toEqual({ address: "CD", minutes: 60 });
    expect(at(body, "data.relationships.vehicle.data")).toEqual({ type: "vehicles", id: "vehicle-1" });
    expect(JSON.stringify((await send("GET", "/api/devices")).body)).not.toContain("hunter2");
  });

  test("is changed field by field, at once, and keeps the secret nobody could send back", async () => {
    await add();
    const change = { name: "House", settings: { minutes: 5 }, reconnect: { retries: 1 }, enabled: false };
    const document = { data: { ...device(change).data, id: "starter" } };
    const { status, body } = await send("PATCH", "/api/devices/starter", document);
    expect(status).toBe(200);
    expect(at(body, "data.attributes")).toMatchObject({
      name: "House",
      enabled: false,
      settings: { minutes: 5 },
      reconnect: { retries: 1, retrySeconds: 60, reconnectSeconds: 300 },
    });
    expect(at(await file("devices.json"), "devices.0.settings")).toEqual({ address: "CD", pin: "hunter2", minutes: 5 });
    const without = { data: { type: "devices", id: "starter", attributes: { reconnect: null } } };
    expect(at((await send("PATCH", "/api/devices/starter", without)).body, "data.attributes.reconnect")).toBeNull();
  });

  test("moves to another vehicle, and what it measured before stays with the old one", async () => {
    await add();
    await send("POST", "/api/vehicles", { data: { type: "vehicles", attributes: { name: "Boat", kind: "boat" } } });
    measure("starter", now - 2_000, 13);
    const document = { data: { ...device({}, "boat").data, id: "starter" } };
    expect((await send("PATCH", "/api/devices/starter", document)).status).toBe(200);
    measure("starter", now - 1_000, 14);
    const values = async (vehicle: string) => {
      const { body } = await send("GET", `/api/readings/starter?filter[vehicle]=${vehicle}`);
      return at(body, "data.0.attributes.value");
    };
    expect([await values("vehicle-1"), await values("boat")]).toEqual([13, 14]);
  });

  test("is removed with 204, and then gone", async () => {
    await add();
    expect(await send("DELETE", "/api/devices/starter")).toMatchObject({ status: 204, body: undefined });
    expect((await send("GET", "/api/devices/starter")).status).toBe(404);
    expect((await send("DELETE", "/api/devices/starter")).status).toBe(404);
  });

  test("has actions, and knows no others", async () => {
    await add();
    const { body } = await send("GET", "/api/devices/starter/actions");
    expect(at(body, "data.0")).toMatchObject({ type: "actions", id: "reconnect" });
    expect((await send("POST", "/api/devices/starter/actions/disable")).status).toBe(204);
    expect(hub.devices()[0]?.record.enabled).toBe(false);
    for (const action of ["explode", "constructor", "__proto__"]) {
      expect((await send("POST", `/api/devices/starter/actions/${action}`)).status).toBe(404);
    }
    expect((await send("POST", "/api/devices/ghost/actions/reconnect")).status).toBe(404);
  });
});

describe("what was found", () => {
  test("is listed, also among the devices, and taken in under its own id", async () => {
    const { body } = await send("GET", "/api/discoveries");
    expect(at(body, "data.0")).toMatchObject({ id: "monitor-ab", attributes: { evidence: "BM6 at AB, 13.28 V" } });
    const found = await send("GET", "/api/devices?filter[state]=discovered");
    expect(at(found.body, "data.0.id")).toBe("monitor-ab");
    const taken = { data: { type: "devices", id: "monitor-ab", attributes: { name: "Bow" } } };
    expect(await send("POST", "/api/devices/monitor-ab", taken)).toMatchObject({ status: 201 });
    expect(at((await send("GET", "/api/discoveries")).body, "meta.total")).toBe(0);
    expect((await send("POST", "/api/devices/monitor-ab", taken)).status).toBe(409);
  });

  test("can be ignored, by either name of it", async () => {
    const document = { data: { type: "discoveries", id: "monitor-ab", attributes: { ignored: true } } };
    expect((await send("PATCH", "/api/discoveries/monitor-ab", document)).status).toBe(200);
    expect(at((await send("GET", "/api/devices")).body, "data")).toEqual([]);
    await hub.ignore(hub.found()[0]?.id ?? never(), false);
    expect((await send("DELETE", "/api/devices/monitor-ab")).status).toBe(204);
    expect(at((await send("GET", "/api/discoveries?filter[ignored]=true")).body, "meta.total")).toBe(1);
  });

  test("is searched for when asked", async () => {
    const { status, body } = await send("POST", "/api/searches");
    expect(status).toBe(202);
    expect(at(body, "data.attributes.searching")).toBe(true);
    await hub.search();
    expect(at((await send("GET", "/api/searches/current")).body, "data.attributes.searching")).toBe(false);
  });
});

describe("vehicles", () => {
  const vehicle = (attributes: Record<string, unknown>) => ({ data: { type: "vehicles", attributes } });

  test("are added, changed, merged and removed", async () => {
    await send("POST", "/api/vehicles", vehicle({ name: "Leaf", vin: "SJNFAAZE0U0000001" }));
    await send("POST", "/api/vehicles", vehicle({ name: "Boat", kind: "boat" }));
    await add("Starter", "boat");
    expect((await send("DELETE", "/api/vehicles/boat")).status).toBe(409);
    const renamed = { data: { ...vehicle({ name: "Family Leaf", vin: null }).data, id: "leaf" } };
    expect(at((await send("PATCH", "/api/vehicles/leaf", renamed)).body, "data.attributes.name")).toBe("Family Leaf");
    expect(await file("vehicles.json")).not.toHaveProperty("vehicles.0.vin");
    const merge = { data: { type: "vehicles", id: "boat" } };
    const { body } = await send("POST", "/api/vehicles/leaf/merge", merge);
    expect(at(body, "data.relationships.devices.data")).toEqual([{ type: "devices", id: "starter" }]);
    expect((await send("GET", "/api/vehicles/boat")).status).toBe(404);
    expect((await send("POST", "/api/vehicles/leaf/merge", merge)).status).toBe(404);
    expect((await send("DELETE", "/api/vehicles/boat")).status).toBe(404);
  });
});

describe("lists", () => {
  beforeEach(async () => {
    for (const name of ["Vehicle 10", "Vehicle 9", "Aygo", "Zoe"]) await hub.addVehicle({ name });
  });
  const names = (body: unknown) =>
    z
      .array(z.looseObject({ attributes: z.looseObject({ name: z.string() }) }))
      .parse(at(body, "data"))
      .map(({ attributes }) => attributes.name);

  test("are sorted, forwards and backwards, numbers within names as numbers", async () => {
    const { body } = await send("GET", "/api/vehicles?sort=kind,-name");
    expect(names(body)).toEqual(["Zoe", "Vehicle 10", "Vehicle 9", "Aygo"]);
  });

  test("are walked along their links, whatever else was asked", async () => {
    const seen: string[] = [];
    let next: unknown = "/api/vehicles?sort=name&page[limit]=3";
    while (typeof next === "string") {
      const { body } = await send("GET", next);
      expect(at(body, "meta.total")).toBe(4);
      seen.push(...names(body));
      next = at(body, "links.next");
    }
    expect(seen).toEqual(["Aygo", "Vehicle 9", "Vehicle 10", "Zoe"]);
    const last = await send("GET", "/api/vehicles?page[limit]=3&page[offset]=3");
    expect(at(last.body, "links.prev")).toContain("offset%5D=0");
  });

  test.each([
    ["sort=colour", "sort"],
    ["sort=name,", "sort"],
    ["sort=__proto__", "sort"],
    ["sort=name;DROP TABLE vehicles", "sort"],
    ["filter[kind]=' OR 1=1 --", "filter[kind]"],
    ["filter[name]=x", "filter[name]"],
    ["page[limit]=0", "page[limit]"],
    ["page[limit]=1e9", "page[limit]"],
    ["page[offset]=-1", "page[offset]"],
    ["page[size]=3", "page[size]"],
    ["include=devices", "include"],
  ])("refuse %s and name the parameter", async (query, parameter) => {
    const { status, body } = await send("GET", `/api/vehicles?${query}`);
    expect(status).toBe(400);
    expect(at(body, "errors.0.source.parameter")).toBe(parameter);
  });
});

describe("readings", () => {
  test("are the newest first, in total exact, and limited to a signal and a time", async () => {
    await add();
    for (let second = 0; second < 3_000; second++) measure("starter", now - 1_000 * (3_000 - second), second);
    const { body } = await send("GET", "/api/readings/starter?page[limit]=2&page[offset]=1");
    expect(at(body, "meta.total")).toBe(3_000);
    expect(at(body, "data.0")).toMatchObject({
      id: `starter.battery_12v.${now - 2_000}`,
      attributes: { signal: "battery_12v", unit: "V", value: 2_998, time: "2026-06-01T11:59:58.000Z" },
    });
    const start = new Date(now - 10_000).toISOString();
    const oldest = await send("GET", `/api/readings/starter?sort=time&page[limit]=1&filter[start_time]=${start}`);
    expect(at(oldest.body, "data.0.attributes.value")).toBe(2_990);
    expect(at((await send("GET", "/api/readings/starter?filter[signal]=ghost")).body, "data")).toEqual([]);
    expect((await send("GET", "/api/readings/ghost")).status).toBe(404);
  });
});

test("readings of the same moment are told apart, from both ends", async () => {
  await add();
  for (const volts of [1, 2, 3]) measure("starter", now - 5, volts);
  for (const sort of ["time", "-time"]) {
    const { body } = await send("GET", `/api/readings/starter?sort=${sort}`);
    const ids = [0, 1, 2].map((index) => at(body, `data.${index}.id`));
    expect([...ids].sort()).toEqual(["", ".1", ".2"].map((mark) => `starter.battery_12v.${now - 5}${mark}`));
  }
});

describe("the system", () => {
  const config = (attributes: unknown) => ({ data: { type: "configs", id: "carport", attributes } });

  test("tells its settings without secrets, and takes changes without losing them", async () => {
    await send("PATCH", "/api/system/config", config({ mqtt: { host: "broker", password: "hunter2" } }));
    const { body } = await send("PATCH", "/api/system/config", config({ mqtt: { prefix: "cars" } }));
    expect(at(body, "data.attributes.mqtt")).toMatchObject({ host: "broker", prefix: "cars" });
    expect(at(body, "data.attributes.mqtt")).not.toHaveProperty("password");
    expect(settings.system.mqtt.password).toBe("hunter2");
    const { body: back } = await send("PATCH", "/api/system/config", config({ mqtt: { host: null } }));
    expect(at(back, "data.attributes.mqtt.host")).toBe("");
  });

  test("refuses a value and points at it", async () => {
    const { status, body } = await send("PATCH", "/api/system/config", config({ mqtt: { port: 70_000 } }));
    expect(status).toBe(422);
    expect(at(body, "errors.0.source.pointer")).toBe("/data/attributes/mqtt/port");
    expect(settings.system.mqtt.port).toBe(1883);
  });

  test("tells its version, state and health, and the kinds of devices with their forms", async () => {
    expect(at((await send("GET", "/api/version")).body, "data.attributes.version")).toBe("1.2.3");
    expect(at((await send("GET", "/api/system/status")).body, "data.type")).toBe("systems");
    expect(at((await send("GET", "/api/system/health")).body, "data.attributes")).toEqual({ status: "ok", faults: [] });
    const { body } = await send("GET", "/api/device-kinds");
    expect(at(body, "data.0.attributes.settings.properties.minutes")).toMatchObject({ description: "How often" });
  });
});

describe("documents that do not fit", () => {
  test.each([
    [{ data: { type: "cars", attributes: { name: "x" } } }, 409, undefined],
    [{ data: { type: "vehicles", id: "mine", attributes: { name: "x" } } }, 403, undefined],
    [{ data: { type: "vehicles", attributes: {} } }, 422, "/data/attributes/name"],
    [{ data: { type: "vehicles", attributes: { name: 7 } } }, 422, "/data/attributes/name"],
    [{ data: { type: "vehicles", attributes: { name: "" } } }, 422, "/data/attributes/name"],
    [{ data: { type: "vehicles", attributes: { name: "x".repeat(101) } } }, 422, "/data/attributes/name"],
    [{ data: { type: "vehicles", attributes: { name: "a\nb" } } }, 422, "/data/attributes/name"],
    [{ data: { type: "vehicles", attributes: { name: "x", "co/l~our": 1 } } }, 422, "/data/attributes/co~1l~0our"],
    [{ data: [] }, 422, "/data"],
    [{}, 422, "/data"],
    ["{", 400, undefined],
    ["null", 422, ""],
  ])("%j is answered with %i", async (document, status, pointer) => {
    const answer = await send("POST", "/api/vehicles", document);
    expect(answer.status).toBe(status);
    expect(at(answer.body, "errors.0.status")).toBe(String(status));
    expect(at(answer.body, "errors.0.source.pointer")).toBe(pointer);
    expect(hub.vehicles()).toEqual([]);
  });

  test("a device's wrong setting, unknown kind and missing vehicle are pointed at", async () => {
    const wrong = await send(
      "POST",
      "/api/devices",
      device({ kind: "monitor", name: "x", settings: { address: "?" } }),
    );
    expect([wrong.status, at(wrong.body, "errors.0.source.pointer")]).toEqual([
      422,
      "/data/attributes/settings/address",
    ]);
    const kind = await send("POST", "/api/devices", device({ kind: "warp", name: "x" }));
    expect([kind.status, at(kind.body, "errors.0.source.pointer")]).toEqual([422, "/data/attributes/kind"]);
    expect((await add("x", "ghost")).status).toBe(404);
    await add();
    const other = { data: { ...device({ name: "y" }).data, id: "other" } };
    expect((await send("PATCH", "/api/devices/starter", other)).status).toBe(409);
  });

  test("markup in a name stays data, and prototype keys change nothing", async () => {
    const name = "<img src=x onerror=alert(1)>";
    const document = { data: { type: "vehicles", attributes: { name } } };
    expect(at((await send("POST", "/api/vehicles", document)).body, "data.attributes.name")).toBe(name);
    const polluted =
      '{"data":{"type":"configs","id":"carport","attributes":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}';
    expect((await send("PATCH", "/api/system/config", polluted)).status).toBe(422);
    expect({}).not.toHaveProperty("polluted");
  });

  test("no JSON at all makes the server fail", async () => {
    const paths = ["/api/vehicles", "/api/devices", "/api/devices/monitor-ab", "/api/system/config"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.json(), async (path, document) => {
        const { status } = await send(path.endsWith("config") ? "PATCH" : "POST", path, document);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
});

describe("media types", () => {
  const document = { data: { type: "vehicles", attributes: { name: "x" } } };

  test.each([
    ["application/json", 415],
    ["text/plain", 415],
    [`${JSON_API}; charset=utf-8`, 415],
    [`${JSON_API}; ext="https://jsonapi.org/ext/atomic"`, 415],
    [`${JSON_API};profile="https://example.com/a,b https://example.com/c"`, 201],
    [JSON_API.toUpperCase(), 201],
  ])("a body of the type %s is answered with %i", async (type, status) => {
    const answer = await send("POST", "/api/vehicles", document, { "content-type": type });
    expect(answer.status).toBe(status);
    if (status === 415) expect(at(answer.body, "errors.0.source.header")).toBe("Content-Type");
  });

  test.each([
    [JSON_API, 200],
    ["*/*", 200],
    [`${JSON_API}; charset=utf-8`, 406],
    [`${JSON_API}; ext="https://jsonapi.org/ext/atomic", text/html`, 406],
    [`${JSON_API}; charset=utf-8, ${JSON_API}; q=0.5`, 200],
    [`${JSON_API}; profile="https://example.com/a"`, 200],
  ])("a request that accepts %s is answered with %i", async (accept, status) => {
    expect((await send("GET", "/api/vehicles", undefined, { accept })).status).toBe(status);
  });

  test("another site's page changes nothing, not even by a request without a body", async () => {
    const headers = { origin: "https://evil.example" };
    expect((await send("POST", "/api/searches", undefined, headers)).status).toBe(403);
    expect((await send("POST", "/api/vehicles", document, headers)).status).toBe(403);
    expect((await send("DELETE", "/api/devices/monitor-ab", undefined, headers)).status).toBe(403);
  });
});

test("somebody else's JSON:API client works with it", async () => {
  const client = new Kitsu({ baseURL: `${url}/api`, camelCaseTypes: false, pluralize: false });
  await client.create("vehicles", { name: "Boat", kind: "boat" });
  await client.update("vehicles", { id: "boat", name: "Seagull" });
  const { data, meta } = await client.get("vehicles", { params: { sort: "-name", page: { limit: 5 } } });
  expect(data).toMatchObject([{ type: "vehicles", id: "boat", name: "Seagull", kind: "boat" }]);
  expect(meta).toEqual({ total: 1, limit: 5, offset: 0 });
  await client.create("devices", { kind: "monitor", name: "Bow", settings: { address: "EF" } });
  expect(await client.get("devices/bow")).toMatchObject({ data: { name: "Bow", state: expect.any(String) } });
  await client.delete("devices", "bow");
  await client.delete("vehicles", "boat");
  expect(hub.devices()).toEqual([]);
  await expect(client.get("vehicles/boat")).rejects.toMatchObject({ errors: [{ status: "404" }] });
});

test("one OpenAPI 3.1 document describes every route", async () => {
  const { body } = await send("GET", "/api/openapi.json");
  const operations = Object.entries(z.record(z.string(), z.looseObject({})).parse(at(body, "paths"))).flatMap(
    ([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations).toEqual(
    expect.arrayContaining([
      "POST /api/devices/{device}",
      "PATCH /api/devices/{device}",
      "DELETE /api/devices/{device}",
      "PATCH /api/system/config",
      "GET /api/readings/{device}",
      "POST /api/searches",
      "POST /api/vehicles/{vehicle}/merge",
    ]),
  );
  expect(JSON.stringify(body)).not.toContain('"additionalProperties":{"not"');
});

test("the document is drawn at /docs, below ingress too, from this server alone", async () => {
  const headers = { "x-ingress-path": "/api/hassio_ingress/t-1" };
  const { body } = await send("GET", "/api/openapi.json", undefined, headers);
  expect(at(body, "servers")).toEqual([{ url: "/api/hassio_ingress/t-1" }]);
  const page = await (await fetch(`${url}/docs`)).text();
  const parts = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? "");
  expect(parts).toHaveLength(3);
  for (const part of parts) {
    const answer = await fetch(new URL(part, `${url}/docs`));
    expect(answer.status, part).toBe(200);
    const etag = answer.headers.get("etag");
    if (etag) expect((await fetch(answer.url, { headers: { "if-none-match": etag } })).status).toBe(304);
  }
  for (const path of ["/docs/package.json", "/docs/..%2fpackage.json", "/docs/index.html"]) {
    expect((await fetch(url + path)).status, path).toBe(404);
  }
});

function measure(id: string, time: number, volts: number): void {
  const signal = leafSignals.find(({ key }) => key === "battery_12v") ?? never();
  const builder = new BatchBuilder([signal]);
  builder.add(0, time, volts);
  hub.derive(isDeviceId(id) ? id : never(), builder.take() ?? never());
}

function never(): never {
  throw new TypeError("cannot be");
}
