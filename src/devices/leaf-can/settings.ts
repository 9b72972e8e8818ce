import { z } from "zod";

/** How an owner sets up a Leaf on a CAN bus. */
export const leafCanSettings = z.strictObject({
  bus: z
    .string()
    .regex(/^(virtual:.+|file:.+|[^\s/:]{1,15})$/, "name a CAN interface such as can0, or file:PATH of a recording")
    .describe(
      "The CAN interface, for example can0; file:PATH to play a recording; virtual:NAME for a bus within Carport",
    ),
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
  replaySpeed: z.number().min(0.1).max(100).default(1).describe("How much faster than recorded a recording is played"),
});

export type LeafCanSettings = z.infer<typeof leafCanSettings>;
