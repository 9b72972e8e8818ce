import { once } from "node:events";
import { appendFile, readFile, stat } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { at } from "../../../test/api-server.ts";
import { ingressAddress, startIngressProxy } from "../../../test/ingress-proxy.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { silentLog } from "../../../test/memory-garage.ts";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { accessControl } from "../access/access-control.ts";
import { ChangeLog } from "./change-log.ts";
import { addChangesRoute } from "./changes-route.ts";
import { recordChanges } from "./record-changes.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, "changes.jsonl");
});
afterEach(() => folder[Symbol.dispose]());

const entry = (number: number) => ({
  time: new Date(number * 1_000).toISOString(),
  who: "Anna (Home Assistant)",
  method: "PATCH",
  path: `/api/devices/${number}`,
  fields: ["name"],
});

test("a change made through ingress is written down with the user and the names of the fields, without values", async () => {
  const changes = new ChangeLog(path, silentLog);
  const clock = new ManualClock();
  const app = new OpenAPIHono();
  app.use(accessControl({ token: "", ingressAddress, clock, log: silentLog }));
  app.use(recordChanges(changes, clock));
  addChangesRoute(app, changes);
  app.patch("/api/devices/:id", async (c) => c.json(await c.req.json()));
  app.delete("/api/devices/:id", (c) => c.json({}, 404));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server; // plain HTTP, since no createServer is passed
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  await using proxy = await startIngressProxy(port, "");
  const attributes = { name: "New", settings: { password: "hunter2", bus: "can0" } };
  const body = JSON.stringify({ data: { type: "devices", attributes, relationships: { vehicle: { data: null } } } });
  // A browser's own claim does not get through.
  const headers = { "x-remote-user-display-name": "Mallory", "content-type": "application/vnd.api+json" };
  await fetch(`${proxy.panel}api/devices/can0`, { method: "PATCH", body, headers });
  await fetch(`http://127.0.0.1:${port}/api/devices/can0`, { method: "PATCH", body: "{}", headers });
  await fetch(`${proxy.panel}api/devices/none`, { method: "DELETE" });

  const answer: unknown = await (await fetch(`${proxy.panel}api/changes`)).json();
  expect(at(answer, "data.length")).toBe(2);
  expect(at(answer, "data.1.attributes")).toEqual({
    time: new Date(clock.now()).toISOString(),
    who: "Anna Å. (Home Assistant)",
    user: "0a1b2c",
    method: "PATCH",
    path: "/api/devices/can0",
    fields: ["name", "settings.password", "settings.bus", "vehicle"],
  });
  expect(at(answer, "data.0.attributes.who")).toBe("somebody on this machine");
  expect(await readFile(path, "utf8")).not.toMatch(/hunter2|Mallory/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  server.close();
  server.closeAllConnections();
});

test("it stays bounded, and the newest changes are there", async () => {
  const changes = new ChangeLog(path, silentLog, 2_000);
  for (let number = 1; number <= 100; number++) await changes.record(entry(number));
  expect((await stat(path)).size).toBeLessThanOrEqual(2_000);
  expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(2_000);
  expect((await changes.newest(2)).map((change) => change.path)).toEqual(["/api/devices/100", "/api/devices/99"]);
});

test("a line that a power cut left unfinished spoils no other", async () => {
  const changes = new ChangeLog(path, silentLog);
  await changes.record(entry(1));
  await appendFile(path, '\n{"time":"2026');
  await changes.record(entry(2));
  expect(await changes.newest(10)).toEqual([entry(2), entry(1)]);
});

test("a disk that takes nothing is told in the log, and nothing else fails", async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (text: string) => void warnings.push(text) };
  await new ChangeLog(join(folder.path, "no", "folder"), log).record(entry(1));
  expect(warnings).toHaveLength(1);
});
