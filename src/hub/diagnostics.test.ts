import { expect, test } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { CarportError } from "#domain/error.ts";
import { deviceId, driveAt, feed, leafSignals, vehicleId } from "../../test/fake-drive.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { MemoryGarage } from "../../test/memory-garage.ts";
import { MemoryStore } from "../../test/memory-store.ts";
import { diagnostics } from "./diagnostics.ts";
import { LogTail } from "./log-tail.ts";
import { createLog } from "./plain-log.ts";
import { Redactor } from "./redactor.ts";
import { systemSettings } from "./settings/system-settings.ts";

const vin = "SJNFAAZE0U0012345";
const secrets = {
  mqttPassword: 'broker-"secret"',
  httpToken: "http-token-of-the-owner",
  deviceKey: "device-key",
  nestedKey: "nested-key",
  serialNumber: "serial-4711",
  supervisorToken: "supervisor-token",
  position: "52.516",
};

const gateway: DeviceKind = {
  kind: "gateway",
  title: "Gateway",
  settings: z.strictObject({
    host: z.string(),
    key: z.string().meta({ secret: true }),
    account: z.union([
      z.strictObject({ code: z.string().meta({ secret: true }) }),
      z.strictObject({ user: z.string() }),
    ]),
  }),
  async *open() {},
};

function everySecret() {
  const garage = new MemoryGarage();
  const clock = new ManualClock();
  const device = {
    id: deviceId("gateway-1"),
    kind: "gateway",
    name: "Gateway",
    vehicle: vehicleId("car"),
    enabled: true,
    settings: { host: "10.0.0.7", key: secrets.deviceKey, account: { code: secrets.nestedKey } },
  };
  const vehicle = { id: vehicleId("car"), name: "Car", kind: "car" as const, vin };
  garage.put(vehicle);
  garage.putDevice(device, {
    state: "error",
    signals: leafSignals,
    identity: { model: "G1", serialNumber: secrets.serialNumber },
    fault: { code: "INTERNAL", message: `login with ${secrets.deviceKey} to ${vin} failed`, nextStep: "Report it." },
  });
  feed(garage, new MemoryStore(), device.id, clock.now(), driveAt(0));
  const redactor = new Redactor();
  redactor.add([
    secrets.mqttPassword,
    secrets.httpToken,
    secrets.deviceKey,
    secrets.nestedKey,
    secrets.supervisorToken,
  ]);
  const tail = new LogTail();
  const log = createLog({ level: "debug", redactor, write: () => {}, tail });
  log.warn(`asked ${secrets.supervisorToken}`, { latitude: secrets.position, password: secrets.mqttPassword });
  const system = systemSettings.parse({
    mqtt: { host: "broker", username: "me", password: secrets.mqttPassword },
    http: { token: secrets.httpToken },
  });
  return {
    version: "1.2.3",
    clock,
    kinds: new Map([[gateway.kind, gateway]]),
    settings: {
      system,
      vehicles: [vehicle],
      devices: [device],
      overrides: [],
      problems: [new CarportError("SETTINGS_INVALID", `devices.json: ${secrets.deviceKey}`)],
    },
    garage,
    tail,
    redactor,
    parts: () => ({ mqtt: { state: "waiting", message: `refused ${secrets.mqttPassword}` }, gps: { lat: 52.516 } }),
  };
}

test("diagnostics name what helps and hold no secret, VIN, place or measured value", () => {
  const text = diagnostics(everySecret());
  for (const secret of [vin, ...Object.values(secrets), JSON.stringify(secrets.mqttPassword).slice(1, -1)]) {
    expect(text).not.toContain(secret);
  }
  expect(JSON.parse(text)).toMatchObject({
    carport: "1.2.3",
    settings: {
      system: { mqtt: { host: "broker", username: "me", password: "(hidden)" }, http: { token: "(hidden)" } },
      vehicles: [{ id: "car", vin: "(hidden)" }],
      devices: [{ settings: { host: "10.0.0.7", key: "(hidden)", account: { code: "(hidden)" } } }],
    },
    problems: [{ code: "SETTINGS_INVALID" }],
    devices: [{ id: "gateway-1", state: "error", identity: { model: "G1" }, fault: { code: "INTERNAL" } }],
    parts: { mqtt: { state: "waiting" } },
    log: [expect.stringContaining("warn asked (hidden)")],
  });
  expect(JSON.parse(text).devices[0].signals[0]).toEqual({ key: leafSignals[0]?.key, newest: expect.any(String) });
});

test("the schema alone hides what it declares a secret, were the second sieve not there", () => {
  const sources = everySecret();
  const text = diagnostics({ ...sources, redactor: new Redactor(), parts: () => ({}), tail: new LogTail() });
  expect(JSON.parse(text).settings.devices[0].settings).toEqual({
    host: "10.0.0.7",
    key: "(hidden)",
    account: { code: "(hidden)" },
  });
});
