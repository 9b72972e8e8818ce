import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, at, can0, leaf, startApiServer } from "../../test/api-server.ts";
import { deviceId, driveAt, feed, vehicleId } from "../../test/fake-drive.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { MemoryGarage, silentLog } from "../../test/memory-garage.ts";
import { MemoryStore } from "../../test/memory-store.ts";
import { startApi } from "./start-api.ts";

const now = Date.UTC(2026, 5, 1, 12);

let server: ApiServer;
beforeEach(async () => {
  server = await startApiServer(new ManualClock(now));
});
afterEach(() => server[Symbol.asyncDispose]());

async function get(path: string, init: RequestInit = {}) {
  const answer = await fetch(server.url + path, init);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

describe("vehicles and devices", () => {
  test("a vehicle comes as a JSON:API resource with its devices", async () => {
    const { status, headers, body } = await get("/api/vehicles/family-leaf");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/vnd.api+json");
    expect(body).toEqual({
      data: {
        type: "vehicles",
        id: "family-leaf",
        attributes: { name: "Family Leaf", kind: "car" },
        relationships: {
          devices: { data: [{ type: "devices", id: "leaf-can0" }] },
          signals: { links: { related: "/api/vehicles/family-leaf/signals" } },
        },
        links: { self: "/api/vehicles/family-leaf" },
      },
    });
    expect(at((await get("/api/vehicles")).body, "data")).toEqual([at(body, "data")]);
  });

  test("below ingress the links carry the prefix that the browser needs", async () => {
    const headers = { "x-ingress-path": "/api/hassio_ingress/a1-_B2" };
    const { body } = await get("/api/vehicles/family-leaf", { headers });
    expect(at(body, "data.links.self")).toBe("/api/hassio_ingress/a1-_B2/api/vehicles/family-leaf");
  });

  test.each(["javascript:alert(1)", "//evil.example", "/a/<script>", "/"])(
    "an ingress path that is none is not believed: %s",
    async (path) => {
      const { body } = await get("/api/vehicles/family-leaf", { headers: { "x-ingress-path": path } });
      expect(at(body, "data.links.self")).toBe("/api/vehicles/family-leaf");
    },
  );

  test("a device tells its state and fault, and keeps its settings to itself", async () => {
    const fault = { code: "INTERNAL", message: "can0: gone", nextStep: "Plug it in." };
    server.garage.putDevice(
      { id: can0, kind: "leaf-can", name: "Leaf CAN", enabled: true, settings: { password: "hunter2" } },
      { state: "error", since: now - 1_000, lastSeen: now - 2_000, fault, counters: { frames: 7 } },
    );
    const { body } = await get("/api/devices/leaf-can0");
    expect(at(body, "data.attributes")).toEqual({
      name: "Leaf CAN",
      kind: "leaf-can",
      enabled: true,
      settings: {},
      reconnect: null,
      state: "error",
      stateSince: "2026-06-01T11:59:59.000Z",
      lastSeen: "2026-06-01T11:59:58.000Z",
      fault,
      identity: { model: "Leaf AZE0" },
      counters: { frames: 7 },
    });
    expect(at(body, "data.relationships.vehicle")).toEqual({ data: null });
    expect(JSON.stringify((await get("/api/devices")).body)).not.toContain("hunter2");
  });

  test("signals carry their newest value in the words of their type, and null before the first", async () => {
    const before = (await get("/api/vehicles/family-leaf/signals")).body;
    expect(at(before, "data.length")).toBe(20);
    expect(at(before, "data.0.attributes")).toMatchObject({ key: "state_of_charge", value: null, time: null });
    feed(server.garage, server.store, can0, now, driveAt(0));
    const { body } = await get("/api/devices/leaf-can0/signals");
    expect(at(body, "data.0")).toMatchObject({
      id: "leaf-can0.state_of_charge",
      attributes: { value: 61.4, time: "2026-06-01T12:00:00.000Z" },
    });
    expect(at(body, "data.3.attributes")).toMatchObject({ key: "gear", value: "D" });
    expect(at(body, "data.16.attributes")).toMatchObject({ key: "ready", value: true });
  });

  test("a code that has no name is unknown, not guessed", async () => {
    const values = driveAt(0);
    values[3] = 9;
    feed(server.garage, server.store, can0, now, values);
    const { body } = await get("/api/devices/leaf-can0/signals");
    expect(at(body, "data.3.attributes")).toMatchObject({ key: "gear", value: null });
  });
});

describe("history", () => {
  const path = "/api/devices/leaf-can0/signals/state_of_charge/history";
  const fill = (count: number, device = can0) => {
    for (let at = count; at > 0; at--) feed(server.garage, server.store, device, now - at * 1_000, [at]);
  };

  test("few samples come as they are", async () => {
    fill(3);
    const { body } = await get(path);
    expect(at(body, "data")).toEqual({
      type: "histories",
      id: "leaf-can0.state_of_charge",
      attributes: {
        resolution: "samples",
        from: "2026-06-01T11:45:00.000Z",
        to: "2026-06-01T12:00:00.000Z",
        times: [now - 3_000, now - 2_000, now - 1_000],
        values: [3, 2, 1],
      },
    });
  });

  test("many come in buckets, not more than asked for", async () => {
    fill(60);
    const { body } = await get(`${path}?maxPoints=10&filter[from]=2026-06-01T11:59:00Z`);
    expect(at(body, "data.attributes")).toMatchObject({ resolution: "buckets", widthMs: 6_000 });
    expect(at(body, "data.attributes.times.length")).toBe(10);
    const first = ["min", "max", "mean", "count"].map((column) => at(body, `data.attributes.${column}.0`));
    expect(first).toEqual([55, 60, 57.5, 6]);
  });

  test("the end is exclusive and the start inclusive", async () => {
    fill(3);
    const { body } = await get(`${path}?filter[from]=2026-06-01T11:59:57Z&filter[to]=2026-06-01T13:59:59%2B02:00`);
    expect(at(body, "data.attributes.values")).toEqual([3, 2]);
  });

  test("what was measured on another vehicle can be left out", async () => {
    const van = vehicleId("van");
    server.garage.put({ id: van, name: "Van", kind: "van" });
    fill(3);
    expect(at((await get(`${path}?filter[vehicle]=van`)).body, "data.attributes.values")).toEqual([]);
    expect(at((await get(`${path}?filter[vehicle]=${leaf}`)).body, "data.attributes.values")).toEqual([3, 2, 1]);
    expect((await get(`${path}?filter[vehicle]=ghost`)).status).toBe(404);
  });

  test("a device that is gone keeps its history", async () => {
    fill(2);
    server.garage.removeDevice(can0);
    expect(at((await get(path)).body, "data.attributes.values")).toEqual([2, 1]);
  });

  test.each([
    ["filter[from]=yesterday", "filter[from]"],
    ["filter[from]=2026-06-02T00:00:00Z&filter[to]=2026-06-01T00:00:00Z", "filter[from]"],
    ["maxPoints=0", "maxPoints"],
    ["maxPoints=1e9", "maxPoints"],
    ["maxPoints=many", "maxPoints"],
    ["from=2026-06-01T00:00:00Z", "from"],
    ["__proto__=1", "__proto__"],
    ["constructor[prototype]=1", "constructor[prototype]"],
  ])("a wrong parameter is named: %s", async (query, parameter) => {
    const { status, body } = await get(`${path}?${query}`);
    expect(status).toBe(400);
    expect(at(body, "errors.0")).toMatchObject({
      status: "400",
      code: "API_PARAMETER_INVALID",
      source: { parameter },
      meta: { nextStep: expect.stringContaining("openapi") },
    });
  });

  test("a signal that nobody has met is not found", async () => {
    expect((await get("/api/devices/leaf-can0/signals/warp/history")).status).toBe(404);
    expect((await get("/api/devices/ghost/signals/speed/history")).status).toBe(404);
  });
});

describe("hostile requests", () => {
  const longHeader = `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`;

  test.each([
    "/api/vehicles/ghost",
    "/api/vehicles/__proto__",
    "/api/vehicles/constructor",
    "/api/devices/toString",
    "/api/devices/%00",
    "/api/vehicles/%E0%A4%A",
    "/api/vehicles/';DROP TABLE vehicles--",
    "/api",
    "/index.html.gz",
    "/..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
  ])("%s is not found, in JSON:API's words", async (path) => {
    const { status, headers, body } = await get(path);
    expect(status).toBe(404);
    expect(headers.get("content-type")).toBe("application/vnd.api+json");
    expect(at(body, "errors.0")).toMatchObject({ status: "404", code: "API_NOT_FOUND" });
  });

  test("a path that climbs out of the page's folder finds nothing", async () => {
    // No client library sends such a path.
    const socket = connect(server.api.port, "127.0.0.1");
    socket.end("GET /../../../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).not.toContain("root:");
  });

  test("another method is refused with the ones there are", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const { status, headers, body } = await get("/api/vehicles", { method });
      expect(status).toBe(405);
      expect(headers.get("allow")).toBe("GET, HEAD");
      expect(at(body, "errors.0.code")).toBe("API_METHOD_NOT_ALLOWED");
    }
  });

  test("HEAD answers as GET, without the body", async () => {
    const answer = await fetch(`${server.url}/api/vehicles`, { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/vnd.api+json");
    expect(await answer.text()).toBe("");
  });

  test("a body of 10 MB is refused, announced or not, and the next request is served", async () => {
    const body = new Uint8Array(10_000_000);
    const announced = await fetch(`${server.url}/api/vehicles`, { method: "POST", body }).catch(() => undefined);
    const chunked = await fetch(`${server.url}/api/vehicles`, {
      method: "POST",
      body: new Blob([body]).stream(),
      duplex: "half",
    }).catch(() => undefined);
    // The server may hang up before the client has finished talking.
    for (const answer of [announced, chunked]) if (answer) expect(answer.status).toBe(413);
    expect(announced ?? chunked).toBeDefined();
    expect((await get("/api/health")).status).toBe(200);
  });

  test("what is not HTTP, or too long, is hung up on, and the next request is served", async () => {
    for (const request of [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0xff, 0x00]), longHeader]) {
      const socket = connect(server.api.port, "127.0.0.1");
      const closed = new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
      socket.resume().write(request);
      await closed;
    }
    expect((await get("/api/health")).status).toBe(200);
  });

  test("no answer may be framed by, or shared with, another site", async () => {
    for (const path of ["/", "/api/vehicles", "/nowhere"]) {
      const { headers } = await get(path, { headers: { origin: "https://evil.example" } });
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'self'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.has("access-control-allow-origin")).toBe(false);
      expect(headers.has("strict-transport-security")).toBe(false);
    }
  });

  test("a listener that throws stays inside: the answer names no detail", async () => {
    server.store.counters = () => {
      throw new Error("disk at /home/ada/secret");
    };
    const { status, body } = await get("/api/system");
    expect(status).toBe(500);
    expect(at(body, "errors.0")).toMatchObject({ status: "500", code: "INTERNAL" });
    expect(JSON.stringify(body)).not.toContain("ada");
  });
});

test("without a built page the page's address says how to build it", async () => {
  const { status, body } = await get("/");
  expect(status).toBe(503);
  expect(at(body, "errors.0")).toMatchObject({
    code: "PAGE_NOT_BUILT",
    meta: { nextStep: expect.stringContaining("npm") },
  });
});

test("the system tells how Carport itself is", async () => {
  feed(server.garage, server.store, can0, now, driveAt(0));
  const { body } = await get("/api/system");
  expect(at(body, "data.attributes")).toMatchObject({
    version: "1.2.3",
    startedAt: "2026-06-01T12:00:00.000Z",
    uptimeSeconds: 0,
    memory: { residentBytes: expect.any(Number) },
    store: { appended: 20, fault: null },
    live: { clients: 0 },
    mqtt: null,
  });
});

test("one OpenAPI 3.1 document describes every route", async () => {
  const { body } = await get("/api/openapi.json");
  expect(at(body, "openapi")).toBe("3.1.0");
  expect(Object.keys(at(body, "paths") ?? {}).sort()).toEqual([
    "/api/devices",
    "/api/devices/{device}",
    "/api/devices/{device}/signals",
    "/api/devices/{device}/signals/{signal}/history",
    "/api/health",
    "/api/live",
    "/api/readings/{device}",
    "/api/system",
    "/api/system/health",
    "/api/system/status",
    "/api/vehicles",
    "/api/vehicles/{vehicle}",
    "/api/vehicles/{vehicle}/signals",
    "/api/version",
  ]);
  expect(at(body, "components.schemas")).toHaveProperty("Vehicle");
});

test("a port in use is named, with what to do", async () => {
  const second = startApi({
    garage: new MemoryGarage(),
    store: new MemoryStore(),
    clock: new ManualClock(),
    log: silentLog,
    version: "1.2.3",
    webRoot: "/nowhere",
    settings: { http: { host: "127.0.0.1", port: server.api.port } },
    signal: new AbortController().signal,
  });
  await expect(second).rejects.toMatchObject({
    code: "HTTP_PORT_BUSY",
    message: expect.stringContaining(String(server.api.port)),
    nextStep: expect.stringContaining("CARPORT_HTTP_PORT"),
  });
});

test("an address that is not this machine's is named", async () => {
  const elsewhere = startApi({
    garage: new MemoryGarage(),
    store: new MemoryStore(),
    clock: new ManualClock(),
    log: silentLog,
    version: "1.2.3",
    webRoot: "/nowhere",
    settings: { http: { host: "192.0.2.1", port: 0 } },
    signal: new AbortController().signal,
  });
  await expect(elsewhere).rejects.toMatchObject({ code: "HTTP_ADDRESS_REFUSED" });
});

test("a device id may come from the owner: markup in names stays data", async () => {
  server.garage.putDevice({
    id: deviceId("x"),
    kind: "k",
    name: "<img src=x onerror=alert(1)>",
    enabled: true,
    settings: {},
  });
  const { headers, body } = await get("/api/devices/x");
  expect(at(body, "data.attributes.name")).toBe("<img src=x onerror=alert(1)>");
  expect(headers.get("content-type")).toBe("application/vnd.api+json");
});
