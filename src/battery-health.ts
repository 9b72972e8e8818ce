import { z } from "zod";
import { batteryMonitor } from "#devices/battery-monitor/battery-monitor.ts";
import { chemistries } from "#domain/battery-chemistry.ts";
import type { Clock } from "#domain/clock.ts";
import type { Log } from "#domain/log.ts";
import type { Hub } from "#hub/hub.ts";
import { BatteryHealthWatch } from "#insights/battery-health/watch.ts";
import type { SeriesStore } from "#store/series-store.ts";

const settings = z.object({ chemistry: z.enum(chemistries), startTemperature: z.number().optional() });

export interface BatteryHealthOptions {
  readonly hub: Hub;
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Lets what the battery monitors' history tells become signals of theirs. To be called once the store hears the bus. */
export function watchBatteryHealth({ hub, ...options }: BatteryHealthOptions): void {
  const watch = new BatteryHealthWatch({
    ...options,
    battery: (device) => {
      const record = hub.device(device)?.record;
      if (record?.kind !== batteryMonitor.kind) return undefined;
      return { vehicle: record.vehicle, ...settings.parse(record.settings) };
    },
    derive: (device, batch) => hub.derive(device, batch),
  });
  hub.bus.subscribe("batch", ({ device, batch }) => watch.notice(device, batch));
}
