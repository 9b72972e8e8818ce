import type { DeviceKind } from "#devices/device-kind.ts";
import { openBus } from "./open-bus.ts";
import { LeafSession } from "./session.ts";
import { type LeafCanSettings, leafCanSettings } from "./settings.ts";

/** A Nissan Leaf or e-NV200, read from its CAN bus. */
export const leafCan: DeviceKind<LeafCanSettings> = {
  kind: "leaf-can",
  title: "Nissan Leaf or e-NV200 on a CAN bus",
  settings: leafCanSettings,
  async *open(settings, context) {
    const bus = await openBus(settings, context.clock);
    yield* new LeafSession(bus, settings, context).run();
  },
};
