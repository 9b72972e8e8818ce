import type { CanBus } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import { recogniseLog } from "#protocols/can/logs/recognise.ts";
import { openLogReplay } from "#transports/log-replay.ts";
import { openSocketCan } from "#transports/socketcan.ts";
import { openVirtualCan } from "#transports/virtual-can.ts";
import type { LeafCanSettings } from "./settings.ts";

/** Opens the bus that the setting names; for sending only where diagnostic polls are switched on. Throws CarportErrors of the transport. */
export async function openBus({ bus, diagnosticPolls, replaySpeed }: LeafCanSettings, clock: Clock): Promise<CanBus> {
  const [, kind, place = ""] = /^(virtual|file):(.+)$/.exec(bus) ?? [];
  switch (kind) {
    case "virtual":
      return openVirtualCan(place, { clock, send: diagnosticPolls });
    case "file":
      return await openLogReplay({
        path: place,
        recognise: recogniseLog,
        clock,
        speed: replaySpeed,
        passes: 1,
        times: "now",
      });
    default:
      return await openSocketCan({ interface: bus, send: diagnosticPolls });
  }
}
