import { z } from "zod";

/** What there is around Carport that an owner could use: the first page of a new installation is made of it. */

const fault = z.object({ code: z.string(), message: z.string(), nextStep: z.string() });

export const surroundings = z.object({
  homeAssistant: z
    .object({ timeZone: z.string().nullable(), language: z.string().nullable() })
    .nullable()
    .describe("Null: Carport is no app of Home Assistant, or Home Assistant is away"),
  broker: z.object({
    offered: z.object({ host: z.string(), port: z.number(), tls: z.boolean() }).nullable(),
    fault: fault.nullable().describe("Why none is offered"),
  }),
  serialPorts: z.array(
    z.object({
      path: z.string().describe("Below /dev/serial/by-id"),
      name: z.string(),
      usbId: z.string().nullable(),
      uses: z
        .array(
          z.object({
            use: z.enum(["obd-adapter", "gps", "meshtastic", "can-adapter", "not-a-vehicle"]),
            score: z.number().describe("0 to 100"),
            reason: z.string(),
          }),
        )
        .describe("What it may be, the likeliest first"),
    }),
  ),
  canInterfaces: z.array(
    z.object({
      name: z.string(),
      up: z.boolean(),
      bitrate: z.number().nullable().describe("bit/s; null where the system does not tell"),
      fault: fault.nullable(),
    }),
  ),
  bluetooth: z.array(
    z.object({
      way: z.string().describe("As the setting `adapter` of a device takes it"),
      fault: fault.nullable().describe("Why it is not possible"),
    }),
  ),
});
export type Surroundings = z.infer<typeof surroundings>;

export const surroundingsResource = z
  .object({ type: z.literal("surroundings"), id: z.literal("carport"), attributes: surroundings })
  .meta({ id: "Surroundings" });
