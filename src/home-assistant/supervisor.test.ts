import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { offeredBroker } from "./supervisor.ts";

let server: Server | undefined;
afterEach(() => server?.close());

// Faithful to the Supervisor's /services/mqtt: bearer token checked, 400 without a provider, JSON envelope.
async function supervisor(status: number, body: string): Promise<string> {
  const started = createServer((request, response) => {
    const authorised = request.headers.authorization === "Bearer secret-token";
    response.writeHead(authorised ? status : 401, { "content-type": "application/json" });
    response.end(request.url === "/services/mqtt" && authorised ? body : "{}");
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

const ask = (url: string, token = "secret-token") =>
  offeredBroker({ url, token, signal: new AbortController().signal });

test("the Mosquitto app's address and credentials are taken from the Supervisor", async () => {
  const data = {
    addon: "core_mosquitto",
    host: "core-mosquitto",
    port: 1883,
    ssl: false,
    username: "addons",
    password: "pw",
    protocol: "3.1.1",
  };
  const url = await supervisor(200, JSON.stringify({ result: "ok", data }));
  expect(await ask(url)).toEqual({
    host: "core-mosquitto",
    port: 1883,
    tls: false,
    username: "addons",
    password: "pw",
  });
});

test("without an MQTT app there is no offered broker, and that is no error", async () => {
  const url = await supervisor(400, JSON.stringify({ result: "error", message: "Service not enabled" }));
  expect(await ask(url)).toBeUndefined();
});

test("an answer that makes no sense is refused without showing the password", async () => {
  const url = await supervisor(200, JSON.stringify({ result: "ok", data: { host: "", port: 0, password: "hunter2" } }));
  const error = await ask(url).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
  expect(String(error)).not.toContain("hunter2");
});

test.each([
  ["HTML", 200, "<html>"],
  ["a failure", 502, "{}"],
])("%s instead of an answer is an error with a code", async (_, status, body) => {
  await expect(ask(await supervisor(status, body))).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
});

test("a refused token is an error with a code", async () => {
  await expect(ask(await supervisor(200, "{}"), "stale")).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
});
