import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Supervisor, supervisorToken } from "../../test/supervisor.ts";
import { homeAssistantLocale, loadedIntegrations, offeredBroker } from "./supervisor.ts";

let supervisor: Supervisor;
beforeEach(async () => {
  supervisor = await Supervisor.open();
});
afterEach(() => supervisor[Symbol.asyncDispose]());

const access = (token = supervisorToken) => ({ url: supervisor.url, token, signal: new AbortController().signal });

test("the Mosquitto app's address and credentials are taken from the Supervisor", async () => {
  supervisor.mqtt = { host: "core-mosquitto", port: 1883, ssl: false, username: "addons", password: "pw" };
  expect(await offeredBroker(access())).toEqual({
    host: "core-mosquitto",
    port: 1883,
    tls: false,
    username: "addons",
    password: "pw",
  });
});

test("without an MQTT app there is no offered broker, and that is no error", async () => {
  expect(await offeredBroker(access())).toBeUndefined();
});

test("an answer that makes no sense is refused without showing the password", async () => {
  supervisor.mqtt = { host: "", port: 0, password: "hunter2" };
  const error = await offeredBroker(access()).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
  expect(String(error)).not.toContain("hunter2");
});

test("HTML instead of an answer has a code", async () => {
  supervisor.garbled = true;
  await expect(offeredBroker(access())).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
});

test("a wrong token and a Supervisor that is away have a code", async () => {
  await expect(offeredBroker(access("wrong"))).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const address = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await expect(offeredBroker({ ...access(), url })).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
});

test("time zone, language and the loaded integrations are Home Assistant's", async () => {
  expect(await homeAssistantLocale(access())).toEqual({ timeZone: "Europe/Berlin", language: "de" });
  expect((await loadedIntegrations(access()))?.has("mqtt")).toBe(true);
  supervisor.coreAway = true;
  await expect(homeAssistantLocale(access())).rejects.toMatchObject({ code: "SUPERVISOR_UNREACHABLE" });
});
