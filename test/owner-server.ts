import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Surroundings } from "#api/contract/surroundings.ts";
import { type Api, startApi } from "#api/start-api.ts";
import type { Workshop } from "#api/workshop/workshop.ts";
import { batteryMonitorSettings } from "#devices/battery-monitor/settings.ts";
import type { DeviceKind } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import { CarportError } from "#domain/error.ts";
import { aborted } from "#hub/aborted.ts";
import { Hub } from "#hub/hub.ts";
import { LogTail } from "#hub/log-tail.ts";
import type { Environment } from "#hub/settings/overrides.ts";
import { Settings } from "#hub/settings/settings.ts";
import { systemClock } from "#hub/system-clock.ts";
import { at } from "./api-server.ts";
import { deviceId, driveAt, leafSignals } from "./fake-drive.ts";
import { ingressAddress } from "./ingress-proxy.ts";
import { silentLog } from "./memory-garage.ts";
import { MemoryStore } from "./memory-store.ts";
import { noServices } from "./no-services.ts";

const signals = leafSignals.filter(({ key }) => key === "battery_12v");

/** Asleep, or out of reach, as its setting `model` says. */
const distant: DeviceKind = {
  kind: "distant-monitor",
  title: "Battery monitor far away",
  settings: z.strictObject({ near: z.boolean().default(true).describe("Whether it can be heard") }),
  async *open(settings, { signal }) {
    if (at(settings, "near") === false) throw new CarportError("BLE_NOT_FOUND", "BM2 on the boat");
    yield { type: "state", state: "asleep" };
    await aborted(signal);
  },
};

/** A Leaf that drives through hills. */
const leaf: DeviceKind = {
  kind: "leaf-can",
  title: "Nissan Leaf or e-NV200 on a CAN bus",
  settings: z.strictObject({ bus: z.string().default("can0").describe("The CAN interface, for example can0") }),
  async *open(_, { signal, clock }) {
    const builder = new BatchBuilder(leafSignals);
    yield { type: "identity", identity: { manufacturer: "Nissan", model: "Leaf AZE0" } };
    for (let seconds = 0; !signal.aborted; seconds += 0.1) {
      for (const [index, value] of driveAt(seconds).entries()) builder.add(index, clock.now(), value);
      const batch = builder.take();
      if (batch) yield { type: "batch", batch };
      await clock.sleep(100, signal);
    }
  },
};

/** What finds nothing and everything in order. */
function workshopOf(tail: LogTail): Workshop {
  const works = { state: "works", seen: "it works" } as const;
  return {
    tail,
    diagnostics: () => '{"carport":"1.2.3"}',
    examine: async ({ status: { fault } }) => [
      { name: "adapter", ...works },
      fault ? { name: "bus", state: "broken", seen: "it does not answer", fault } : { name: "bus", ...works },
      { name: "carport", ...works },
      { name: "home-assistant", state: "unknown", seen: "nobody has said" },
    ],
  };
}

const surroundings: Surroundings = {
  homeAssistant: null,
  broker: { offered: { host: "core-mosquitto", port: 1883, tls: false }, fault: null },
  serialPorts: [
    {
      path: "/dev/serial/by-id/usb-ScanTool.net_OBDLink_SX-if00-port0",
      name: "ScanTool.net OBDLink SX",
      usbId: "0403:6015",
      uses: [{ use: "obd-adapter", score: 95, reason: "OBDLink names itself" }],
    },
  ],
  canInterfaces: [{ name: "can0", up: true, bitrate: 500_000, fault: null }],
  bluetooth: [
    { way: "home-assistant", fault: null },
    {
      way: "bluez",
      fault: {
        code: "BLUEZ_MISSING",
        message: "bluez: no BlueZ is running",
        nextStep: "Use Home Assistant's adapters.",
      },
    },
  ],
};

/** A battery monitor that is always near: found by a search, and it tells its voltage every 100 ms. */
const monitor: DeviceKind = {
  kind: "battery-monitor",
  title: "Battery monitor BM2, BM6 or BM7",
  settings: batteryMonitorSettings,
  async *open(_, { signal, clock }) {
    const builder = new BatchBuilder(signals);
    for (let n = 0; !signal.aborted; n++) {
      builder.add(0, clock.now(), 12.6 + (n % 10) / 10);
      const batch = builder.take();
      if (batch) yield { type: "batch", batch };
      await clock.sleep(100, signal);
    }
  },
  async *discover() {
    const settings = { address: "50:54:7B:24:30:10" };
    const evidence = "BM6 at 50:54:7B:24:30:10, 13.28 V, heard by hci0 at −61 dBm";
    yield { id: deviceId("bm6-243010"), name: "BM6 24:30:10", settings, evidence };
  },
};

/** A whole Carport of hub, settings in a folder of their own, and API; without a broker and a store on the disk. */
export class OwnerServer {
  readonly folder: string;
  readonly hub: Hub;
  readonly settings: Settings;
  readonly api: Api;

  private constructor(folder: string, hub: Hub, settings: Settings, api: Api) {
    this.folder = folder;
    this.hub = hub;
    this.settings = settings;
    this.api = api;
  }

  static async start(webRoot: string, env: Environment = {}): Promise<OwnerServer> {
    const folder = await mkdtemp(join(tmpdir(), "carport-owner-"));
    const kinds = new Map([monitor, distant, leaf].map((kind) => [kind.kind, kind]));
    const tail = new LogTail();
    tail.add(Date.now() - 61_000, "info", "Carport 1.2.3 is at http://localhost:8099");
    tail.add(Date.now() - 2_000, "warn", "BM2 on the boat: it is out of reach [BLE_NOT_FOUND] Bring a proxy nearer.");
    const settings = new Settings({ folder, env, kinds, clock: systemClock, log: silentLog });
    await settings.load();
    const hub = new Hub({ settings, kinds, services: noServices, clock: systemClock, log: silentLog });
    const store = new MemoryStore();
    hub.prepare();
    hub.bus.subscribe("batch", ({ device, vehicle, batch }) => store.append(device, vehicle, batch));
    hub.start();
    const api = await startApi({
      garage: hub,
      owner: { garage: hub, settings, kinds },
      workshop: workshopOf(tail),
      lookAround: async () => surroundings,
      store,
      clock: systemClock,
      log: silentLog,
      version: "1.2.3",
      webRoot,
      settings: { http: { host: "127.0.0.1", port: 0 } },
      ingressAddress,
      signal: new AbortController().signal,
    });
    return new OwnerServer(folder, hub, settings, api);
  }

  get url(): string {
    return `http://127.0.0.1:${this.api.port}`;
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    await this.api.stop();
    await rm(this.folder, { recursive: true });
  }
}
