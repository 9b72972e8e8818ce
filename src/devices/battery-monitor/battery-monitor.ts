import type { DeviceKind } from "../device-kind.ts";
import { MonitorSession } from "./monitor-session.ts";
import { discoverMonitors } from "./scan.ts";
import { type BatteryMonitorSettings, batteryMonitorSettings } from "./settings.ts";

/** A BM2, BM6 or BM7 on a 12 V battery, read from its adverts and by short visits. */
export const batteryMonitor: DeviceKind<BatteryMonitorSettings> = {
  kind: "battery-monitor",
  title: "Battery monitor BM2, BM6 or BM7",
  settings: batteryMonitorSettings,
  async *open(settings, context) {
    const adapter = context.services.openBle(settings.adapter);
    try {
      yield* new MonitorSession(adapter, settings, context).run();
    } finally {
      await adapter.close();
    }
  },
  discover: discoverMonitors,
};
