import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import { isDeviceId, signalKey } from "#domain/ids.ts";
import type { NumberSignal } from "#domain/signal.ts";
import { BrokerWatch } from "../test/broker-watch.ts";
import { freePort } from "../test/setup/free-port.ts";
import { type Carport, startCarport } from "./carport.ts";
import { startEmbeddedBroker } from "./outlets/mqtt/embedded-broker.ts";

const volts: NumberSignal = {
  key: signalKey("volts"),
  name: "Battery voltage",
  group: "12v",
  subject: "vehicle",
  presentation: { enabled: true, deviceClass: "voltage", stateClass: "measurement" },
  report: { deadBand: 0, minIntervalMs: 0 },
  type: "number",
  unit: "V",
  precision: 1,
};

/** Reads 12.6 V once and stays connected. */
const meter: DeviceKind = {
  kind: "meter",
  title: "Meter",
  settings: z.strictObject({ token: z.string().default("").meta({ secret: true, description: "Password" }) }),
  async *open(_, { clock, signal }) {
    const builder = new BatchBuilder([volts]);
    builder.add(0, clock.now(), 12.6);
    const batch = builder.take();
    if (batch) yield { type: "batch", batch };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  },
};
const meterId = "meter";

let data: string;
let lines: string[];
let running: Carport[];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "carport-whole-"));
  lines = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((carport) => carport.stop()));
  await rm(data, { recursive: true, force: true });
});

const put = (file: string, content: unknown) => writeFile(join(data, file), JSON.stringify(content));

async function start(env: Readonly<Record<string, string>> = {}, kinds = [meter]): Promise<Carport> {
  const carport = await startCarport({
    data,
    env,
    kinds,
    write: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  running.push(carport);
  return carport;
}

async function garage(): Promise<void> {
  await put("vehicles.json", { version: 1, vehicles: [{ id: "car", name: "Car" }] });
  await put("devices.json", { version: 1, devices: [{ id: meterId, kind: "meter", name: "Meter", vehicle: "car" }] });
}

/** Waits for a line of the log. */
async function logged(text: string): Promise<void> {
  while (!lines.some((line) => line.includes(text))) await new Promise((resolve) => setTimeout(resolve, 5));
}

const latest = (carport: Carport) => {
  if (!isDeviceId(meterId)) throw new TypeError(meterId);
  return carport.hub.latest(meterId).get(volts.key);
};

const untilMeasured = async (carport: Carport) => {
  while (!latest(carport)) await new Promise((resolve) => carport.hub.bus.subscribe("batch", resolve));
};

describe("Carport", () => {
  it("brings a reading from a device to the page, the broker and the store", async () => {
    await garage();
    const port = await freePort();
    const broker = await startEmbeddedBroker();
    const watch = await BrokerWatch.open(broker);
    const carport = await start({
      CARPORT_HTTP_PORT: String(port),
      CARPORT_MQTT_HOST: broker.host,
      CARPORT_MQTT_PORT: String(broker.port),
    });
    await untilMeasured(carport);
    await logged(`is at http://localhost:${port}`);
    await watch.untilStanding("carport/status", "online");
    await watch.untilStanding("carport/device/meter/signal/volts", "12.6");
    const answer = await fetch(`http://127.0.0.1:${port}/api/vehicles/car/signals`);
    expect(await answer.text()).toContain('"value":12.6');
    expect(carport.store.channels()).toMatchObject([{ device: "meter", vehicle: "car", last: { value: 12.6 } }]);

    await carport.stop();
    await watch.untilStanding("carport/status", "offline");
    await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow();
    await watch.close();
    await broker.close();
  });

  it("has the last values with their age again after a restart, before the device says anything", async () => {
    await garage();
    const first = await start({ CARPORT_HTTP_PORT: String(await freePort()) });
    await untilMeasured(first);
    const measured = latest(first);
    await first.stop();

    const second = await start({ CARPORT_HTTP_PORT: String(await freePort()), CARPORT_SAFE_MODE: "true" });
    expect(latest(second)).toEqual(measured);
    expect(second.hub.devices()[0]?.status).toMatchObject({ state: "configured", lastSeen: measured?.time });
    expect(lines.join("")).toContain("safe mode");
  });

  it("goes on without the page while its port is taken, and opens it on the next port that is set", async () => {
    await garage();
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const taken = blocker.address();
    await put("system.json", { version: 1, http: { port: typeof taken === "object" ? taken?.port : 0 } });
    const carport = await start();
    await untilMeasured(carport);
    await logged("[HTTP_PORT_BUSY]");

    const port = await freePort();
    await carport.settings.editSystem((raw) => ({ ...raw, http: { port } }));
    await logged(`is at http://localhost:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);
    blocker.close();
  });

  it("measures on where the store and the settings cannot be written", async () => {
    await garage();
    await writeFile(join(data, "store"), "not a folder");
    await writeFile(join(data, "last-good"), "not a folder");
    const carport = await start({ CARPORT_HTTP_PORT: String(await freePort()) });
    await untilMeasured(carport);
    expect(latest(carport)?.value).toBe(12.6);
    expect(carport.store.counters().fault?.code).toMatch(/^STORE_/);
    expect(carport.settings.problems.map(({ code }) => code)).toContain("SETTINGS_NOT_SAVED");
  });

  it("stops in order when its signal has fired before it was up", async () => {
    await garage();
    const carport = await startCarport({ data, env: {}, kinds: [meter], write: () => {}, signal: AbortSignal.abort() });
    await carport.stopped;
    expect(carport.store.counters().fault?.code).not.toBe("INTERNAL");
  });

  it("shows no secret of the settings in its log, not even at the highest level", async () => {
    await put("vehicles.json", { version: 1, vehicles: [{ id: "car", name: "Car", vin: "SJNFAAZE0U0012345" }] });
    await put("devices.json", {
      version: 1,
      devices: [{ id: meterId, kind: "meter", name: "Meter", vehicle: "car", settings: { token: "device-secret" } }],
    });
    await put("system.json", {
      version: 1,
      log: { level: "debug" },
      mqtt: { username: "me", password: "file-secret" },
    });
    const noisy: DeviceKind = {
      ...meter,
      // biome-ignore lint/correctness/useYield: it fails before it would
      async *open(settings, { log }) {
        log.info(`opened with ${JSON.stringify(settings)}`, { settings });
        throw new Error(`cannot log in with ${JSON.stringify(settings)} to SJNFAAZE0U0012345`);
      },
    };
    const carport = await start(
      {
        CARPORT_MQTT_HOST: "127.0.0.1",
        CARPORT_MQTT_PORT: String(await freePort()),
        CARPORT_HTTP_PORT: String(await freePort()),
      },
      [noisy],
    );
    await logged("[INTERNAL]");
    await carport.settings.editSystem((raw) => ({ ...raw, mqtt: { ...Object(raw["mqtt"]), password: "new-secret" } }));
    carport.log.info("new-secret");
    await carport.stop();
    expect(lines.join("")).not.toMatch(/device-secret|file-secret|new-secret|SJNFAAZE0U0012345/);
    expect(lines.join("")).toContain("(hidden)");
  });

  it("takes the level of its log and the settings of the app's page at once", async () => {
    await mkdir(join(data, "last-good"));
    await put("options.json", { log_level: "error", safe_mode: false });
    const port = String(await freePort());
    const carport = await start({ SUPERVISOR_TOKEN: "supervisor-token", CARPORT_HTTP_PORT: port });
    expect(carport.settings.system.log.level).toBe("error");
    carport.log.info("not to be seen");
    expect(lines.join("")).not.toContain("not to be seen");
    expect(JSON.parse(await readFile(join(data, "options.json"), "utf8")).log_level).toBe("error");
  });
});
