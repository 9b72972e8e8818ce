import { z } from "zod";
import type { DocumentKind } from "./document.ts";
import { variableName } from "./overrides.ts";
import { leavesOf } from "./schema-leaves.ts";

const port = z.int().min(1).max(65_535);

/** system.json: everything that is not a device or a vehicle. Each leaf can be set as CARPORT_<PATH>. */
export const systemSettings = z.strictObject({
  safeMode: z.boolean().default(false).describe("Open no device, so that a setting can be mended. Needs a restart"),
  log: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("How much the log tells"),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z.string().default("127.0.0.1").describe("Address the page and the API listen on"),
      port: port.default(8099).describe("Port of the page and the API"),
      token: z
        .string()
        .regex(/^([\x21-\x7e]{20,200})?$/, "20 to 200 letters, digits and signs without spaces, or nothing")
        .default("")
        .meta({ secret: true })
        .describe("Lets other machines in, 20 characters or more. Empty: only this one and ingress"),
    })
    .prefault({}),
  discovery: z
    .strictObject({
      atStart: z.boolean().default(true).describe("Look for devices near by when Carport starts"),
      everyHours: z.int().min(0).max(168).default(12).describe("Hours between two searches; 0: only when asked"),
      seconds: z.int().min(1).max(300).default(30).describe("Seconds that a search lasts"),
    })
    .prefault({}),
  bluetooth: z
    .strictObject({
      connections: z
        .int()
        .min(1)
        .max(10)
        .default(1)
        .describe("Connections that a Bluetooth adapter holds at a time; further devices wait in a queue"),
    })
    .prefault({}),
  mqtt: z
    .strictObject({
      host: z
        .string()
        .default("")
        .describe("Broker. Empty: the one Home Assistant offers, or none; the demo brings its own"),
      port: port.default(1883).describe("Port of the broker"),
      tls: z.boolean().default(false).describe("Encrypt the connection to the broker"),
      username: z.string().default("").describe("User at the broker"),
      password: z.string().default("").meta({ secret: true }).describe("Password at the broker"),
      prefix: z
        .string()
        .regex(/^[^+#/\s][^+#\s]*$/)
        .default("carport")
        .describe("First level of all topics of Carport"),
      discoveryPrefix: z
        .string()
        .regex(/^[^+#/\s][^+#\s]*$/)
        .default("homeassistant")
        .describe("Discovery prefix of Home Assistant's MQTT integration"),
    })
    .prefault({}),
  store: z
    .strictObject({
      flushSeconds: z
        .int()
        .min(1)
        .max(300)
        .default(10)
        .describe("Readings reach the disk this often; as much can be lost in a power cut. Needs a restart"),
    })
    .prefault({}),
});

export type SystemSettings = z.infer<typeof systemSettings>;

const settables = leavesOf(systemSettings).map((leaf) => ({
  variable: variableName(leaf.path),
  path: leaf.path,
  leaf,
}));

export const systemDocument: DocumentKind<Readonly<Record<string, unknown>>, SystemSettings> = {
  file: "system.json",
  migrations: [],
  empty: { version: 1 },
  raw: z.record(z.string(), z.unknown()),
  schema: systemSettings.extend({ version: z.int() }).transform(({ version: _, ...settings }) => settings),
  settables: () => settables,
};
