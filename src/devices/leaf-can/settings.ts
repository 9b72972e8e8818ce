import { z } from "zod";
import { canBusSettings } from "#transports/can-bus.ts";

/** How an owner sets up a Leaf on a CAN bus. */
export const leafCanSettings = z.strictObject({
  bus: canBusSettings.bus,
  generation: z
    .enum(["auto", "ze0", "aze0", "ze1"])
    .default("auto")
    .describe(
      "Which Leaf it is: ze0 (2011–12), aze0 (2013–17, and e-NV200), ze1 (since 2018); auto tells by its frames",
    ),
  diagnosticPolls: z
    .boolean()
    .default(false)
    .describe(
      "Also ask the car for cell voltages, 12 V, odometer and tyres. Only then does Carport send anything: these reads, while the car is switched on or charging",
    ),
  pollSeconds: z.int().min(10).max(86_400).default(60).describe("Seconds between two rounds of diagnostic polls"),
  replaySpeed: canBusSettings.replaySpeed,
});

export type LeafCanSettings = z.infer<typeof leafCanSettings>;
