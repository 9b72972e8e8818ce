import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { at } from "../test/api-server.ts";
import { freePort } from "../test/setup/free-port.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { type Carport, startCarport } from "./carport.ts";
import { runCommand } from "./cli/commands.ts";
import { startEmbeddedBroker } from "./outlets/mqtt/embedded-broker.ts";

let folder: ReturnType<typeof temporaryFolder>;
let carport: Carport;
let url: string;
let broker: Awaited<ReturnType<typeof startEmbeddedBroker>>;

/** A whole Carport: its CAN interface is missing, its broker is there. */
beforeEach(async () => {
  folder = temporaryFolder();
  broker = await startEmbeddedBroker();
  const data = folder.path;
  await mkdir(data, { recursive: true });
  const put = (name: string, content: unknown) => writeFile(join(data, name), JSON.stringify(content));
  await put("vehicles.json", {
    version: 1,
    vehicles: [{ id: "leaf", name: "Leaf", vin: "SJNFAAZE0U0012345" }],
  });
  await put("devices.json", {
    version: 1,
    devices: [{ id: "can", kind: "leaf-can", name: "Leaf CAN", vehicle: "leaf", settings: { bus: "nocan7" } }],
  });
  await put("system.json", {
    version: 1,
    mqtt: { host: broker.host, port: broker.port, username: "me", password: "broker-secret" },
    http: { port: await freePort(), token: "token-of-the-owner-1" },
  });
  const up = Promise.withResolvers<string>();
  const write = (line: string) => {
    const port = /is at http:\/\/localhost:(\d+)/.exec(line)?.[1];
    if (port !== undefined) up.resolve(`http://127.0.0.1:${port}`);
  };
  carport = await startCarport({ data, env: {}, write, signal: new AbortController().signal });
  url = await up.promise;
});
afterEach(async () => {
  await carport.stop();
  await broker.close();
  folder[Symbol.dispose]();
});

const get = async (path: string) => {
  const answer = await fetch(url + path);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};

test("the doctor names the missing interface as the first broken link of a real device, and the broker as working", async () => {
  await expect
    .poll(async () => at((await get("/api/devices/can/doctor")).body, "data.attributes.links.4.state"))
    .toBe("works");
  const { body } = await get("/api/devices/can/doctor");
  expect(at(body, "data.attributes.firstBroken")).toBe("adapter");
  expect(at(body, "data.attributes.links.0.fault.code")).toMatch(/^CAN_(INTERFACE_MISSING|NOT_SUPPORTED)$/);
  expect(at(body, "data.attributes.links.0.fault.nextStep")).not.toBe("");
  expect(at(body, "data.attributes.links.5.fault.code")).toBe("HOME_ASSISTANT_UNHEARD");
  expect((await get("/api/devices/nobody/doctor")).status).toBe(404);
});

test("diagnostics are a file to keep, without the secrets and the VIN", async () => {
  const { headers, body } = await get("/api/diagnostics");
  expect(headers.get("content-disposition")).toContain("attachment");
  expect(at(body, "devices.0.id")).toBe("can");
  expect(at(body, "parts.mqtt.state")).toBeDefined();
  expect(JSON.stringify(body)).not.toMatch(/broker-secret|token-of-the-owner|SJNFAAZE0U0012345/);
});

test("the log's newest lines come first, of the level that is asked for", async () => {
  const { body } = await get("/api/log");
  expect(JSON.stringify(body)).toContain("is at http://");
  const warned = await get("/api/log?filter[level]=error&page[limit]=5");
  expect(JSON.stringify(warned.body)).not.toContain("is at http://");
  expect((await get("/api/log?filter[level]=loud")).status).toBe(400);
});

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env: {},
    signal: new AbortController().signal,
  };
  const code = await runCommand(["doctor", ...args], io);
  return { code, out: out.join(""), err: err.join("") };
}

test("carport doctor prints the chain of each device, and its exit code tells that something is broken", async () => {
  const { code, out } = await run("--url", url);
  expect(code).toBe(1);
  expect(out).toMatch(/^can\n {2}adapter +broken +nocan7: .*\[CAN_\w+\]\n {27}\S/);
  expect(out.match(/^ {2}\S/gm)).toHaveLength(6);
});

test("carport doctor says so where no Carport answers, or there is no such device", async () => {
  expect(await run("--url", `http://127.0.0.1:${await freePort()}`)).toMatchObject({ code: 2, out: "" });
  expect(await run("nobody", "--url", url)).toMatchObject({ code: 2, err: expect.stringContaining("404") });
});
