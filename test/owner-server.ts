import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, startApi } from "#api/start-api.ts";
import { batteryMonitorSettings } from "#devices/battery-monitor/settings.ts";
import type { DeviceKind } from "#devices/device-kind.ts";
import { BatchBuilder } from "#domain/batch.ts";
import { Hub } from "#hub/hub.ts";
import type { Environment } from "#hub/settings/overrides.ts";
import { Settings } from "#hub/settings/settings.ts";
import { systemClock } from "#hub/system-clock.ts";
import { deviceId, leafSignals } from "./fake-drive.ts";
import { silentLog } from "./memory-garage.ts";
import { MemoryStore } from "./memory-store.ts";
import { noServices } from "./no-services.ts";

const signals = leafSignals.filter(({ key }) => key === "battery_12v");

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
    const kinds = new Map([[monitor.kind, monitor]]);
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
      store,
      clock: systemClock,
      log: silentLog,
      version: "1.2.3",
      webRoot,
      settings: { http: { host: "127.0.0.1", port: 0 } },
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
