import { z } from "zod";
import type { CanBus } from "#domain/can-frame.ts";
import type { RecogniseCanLog } from "#domain/can-log.ts";
import type { Clock } from "#domain/clock.ts";
import { openLogReplay } from "./log-replay.ts";
import { openSocketCan } from "./socketcan.ts";
import { openVirtualCan } from "./virtual-can.ts";

/** How an owner names a bus; part of the settings of every device on one. */
export const canBusSettings = {
  bus: z
    .string()
    .regex(/^(virtual:.+|file:.+|[^\s/:]{1,15})$/, "name a CAN interface such as can0, or file:PATH of a recording")
    .describe(
      "The CAN interface, for example can0; file:PATH to play a recording; virtual:NAME for a bus within Carport",
    ),
  replaySpeed: z.number().min(0.1).max(100).default(1).describe("How much faster than recorded a recording is played"),
};

export interface CanBusOptions {
  readonly bus: string;
  readonly replaySpeed: number;
  /** Whether frames may be sent. A recording never takes any. */
  readonly send: boolean;
  readonly recognise: RecogniseCanLog;
  readonly clock: Clock;
}

/** Opens the bus that the setting names. Throws the CarportErrors of its transport. */
export async function openCanBus({ bus, replaySpeed, send, recognise, clock }: CanBusOptions): Promise<CanBus> {
  const [, kind, place = ""] = /^(virtual|file):(.+)$/.exec(bus) ?? [];
  switch (kind) {
    case "virtual":
      return openVirtualCan(place, { clock, send });
    case "file":
      return await openLogReplay({ path: place, recognise, clock, speed: replaySpeed, passes: 1, times: "now" });
    default:
      return await openSocketCan({ interface: bus, send });
  }
}
