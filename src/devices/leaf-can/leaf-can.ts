import type { DeviceKind } from "#devices/device-kind.ts";
import { recogniseLog } from "#protocols/can/logs/recognise.ts";
import { openCanBus } from "#transports/can-bus.ts";
import { CanSession } from "../can-session.ts";
import { LeafReader } from "./leaf-reader.ts";
import { type LeafCanSettings, leafCanSettings } from "./settings.ts";

/** A Nissan Leaf or e-NV200, read from its CAN bus. Sends only where diagnostic polls are switched on. */
export const leafCan: DeviceKind<LeafCanSettings> = {
  kind: "leaf-can",
  title: "Nissan Leaf or e-NV200 on a CAN bus",
  settings: leafCanSettings,
  async *open(settings, context) {
    const { clock, log } = context;
    const { bus: name, replaySpeed, diagnosticPolls } = settings;
    const bus = await openCanBus({ bus: name, replaySpeed, send: diagnosticPolls, recognise: recogniseLog, clock });
    yield* new CanSession(bus, new LeafReader(settings, bus, log), context).run();
  },
};
