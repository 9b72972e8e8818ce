import { z } from "zod";
import { deviceStates } from "#domain/device.ts";
import { vehicleKinds } from "#domain/vehicle.ts";
import { signalDefinition } from "./signal.ts";

/** The REST answers, JSON:API 1.1 (https://jsonapi.org/format/1.1/): OpenAPI and the page's types come from here. */

const links = z.record(z.string(), z.string());
const linkage = <Type extends string>(type: Type) => z.object({ type: z.literal(type), id: z.string() });
const time = z.iso.datetime();
const fault = z.object({ code: z.string(), message: z.string(), nextStep: z.string() });

const settings = z.record(z.string(), z.unknown());
const reconnectPace = z.object({ retries: z.number(), retrySeconds: z.number(), reconnectSeconds: z.number() });

export const vehicleResource = z
  .object({
    type: z.literal("vehicles"),
    id: z.string(),
    attributes: z.object({ name: z.string(), kind: z.enum(vehicleKinds) }),
    relationships: z.object({
      devices: z.object({ data: z.array(linkage("devices")) }),
      signals: z.object({ links }),
    }),
    links,
  })
  .meta({ id: "Vehicle" });
export type VehicleResource = z.infer<typeof vehicleResource>;

export const deviceResource = z
  .object({
    type: z.literal("devices"),
    id: z.string(),
    attributes: z.object({
      name: z.string(),
      kind: z.string(),
      enabled: z.boolean(),
      settings: settings.describe("As its kind defines them; without secrets"),
      reconnect: reconnectPace.nullable().describe("Null: growing pauses of up to a minute"),
      state: z.enum(deviceStates),
      stateSince: time,
      lastSeen: time.nullable().describe("Time of the newest sample"),
      fault: fault.nullable(),
      identity: z.object({
        manufacturer: z.string().optional(),
        model: z.string().optional(),
        serialNumber: z.string().optional(),
        softwareVersion: z.string().optional(),
      }),
      counters: z.record(z.string(), z.number()).describe("Totals since the device was opened"),
    }),
    relationships: z.object({
      vehicle: z.object({ data: linkage("vehicles").nullable() }),
      signals: z.object({ links }),
    }),
    links,
  })
  .meta({ id: "Device" });
export type DeviceResource = z.infer<typeof deviceResource>;

export const signalResource = z
  .object({
    type: z.literal("signals"),
    id: z.string().describe("<device>.<key>"),
    attributes: signalDefinition.extend({
      value: z
        .union([z.number(), z.boolean(), z.string()])
        .nullable()
        .describe("Newest value; an enum's by name. Null: none yet, or a code without a name"),
      time: time.nullable(),
    }),
    relationships: z.object({ device: z.object({ data: linkage("devices") }), history: z.object({ links }) }),
  })
  .meta({ id: "Signal" });
export type SignalResource = z.infer<typeof signalResource>;

const column = z.array(z.number());
export const historyResource = z
  .object({
    type: z.literal("histories"),
    id: z.string().describe("<device>.<key>"),
    attributes: z.discriminatedUnion("resolution", [
      z.object({
        resolution: z.literal("samples"),
        from: time,
        to: time,
        times: column.describe("UTC, ms"),
        values: column,
      }),
      z.object({
        resolution: z.literal("buckets"),
        from: time,
        to: time,
        widthMs: z.number(),
        times: column.describe("Starts of the buckets that hold samples; UTC, ms"),
        min: column,
        max: column,
        mean: column,
        count: column,
      }),
    ]),
  })
  .meta({ id: "History" });
export type HistoryResource = z.infer<typeof historyResource>;

export const systemResource = z
  .object({
    type: z.literal("systems"),
    id: z.literal("carport"),
    attributes: z.object({
      version: z.string(),
      node: z.string(),
      startedAt: time,
      uptimeSeconds: z.number(),
      memory: z.object({ residentBytes: z.number(), heapUsedBytes: z.number() }),
      store: z.object({
        appended: z.number(),
        stored: z.number(),
        waiting: z.number(),
        dropped: z.number(),
        rejected: z.number(),
        damaged: z.number(),
        bytesOnDisk: z.number(),
        channels: z.number(),
        fault: fault.nullable(),
        setAside: z.array(z.string()),
      }),
      live: z.object({ clients: z.number(), frames: z.number(), cutOff: z.number() }),
      listenerFailures: z.number(),
      mqtt: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
    }),
  })
  .meta({ id: "System" });

export const discoveryResource = z
  .object({
    type: z.literal("discoveries"),
    id: z.string(),
    attributes: z.object({
      name: z.string(),
      kind: z.string(),
      evidence: z.string().describe("What was seen"),
      foundAt: time,
      ignored: z.boolean(),
      settings,
    }),
    links,
  })
  .meta({ id: "Discovery" });
export type DiscoveryResource = z.infer<typeof discoveryResource>;

export const searchResource = z
  .object({
    type: z.literal("searches"),
    id: z.literal("current"),
    attributes: z.object({ searching: z.boolean(), lastAt: time.nullable(), faults: z.array(fault) }),
  })
  .meta({ id: "Search" });

export const actionResource = z
  .object({
    type: z.literal("actions"),
    id: z.string(),
    attributes: z.object({ title: z.string() }),
  })
  .meta({ id: "Action" });

export const deviceKindResource = z
  .object({
    type: z.literal("device-kinds"),
    id: z.string(),
    attributes: z.object({
      title: z.string(),
      discovers: z.boolean().describe("Whether a search can find devices of it"),
      settings: settings.describe("JSON Schema 2020-12 of its settings"),
    }),
  })
  .meta({ id: "DeviceKind" });

export const readingResource = z
  .object({
    type: z.literal("readings"),
    id: z.string().describe("<device>.<signal>.<time in ms>, and .<n> for further samples of the same time"),
    attributes: z.object({
      signal: z.string(),
      name: z.string(),
      unit: z.string().nullable(),
      value: z.union([z.number(), z.boolean(), z.string()]).nullable(),
      time,
    }),
    relationships: z.object({ device: z.object({ data: linkage("devices") }) }),
  })
  .meta({ id: "Reading" });
export type ReadingResource = z.infer<typeof readingResource>;

export const configResource = z
  .object({
    type: z.literal("configs"),
    id: z.literal("carport"),
    attributes: settings.describe("system.json with its defaults, without secrets"),
    meta: z.object({
      schema: settings.describe("JSON Schema 2020-12 of the attributes"),
      overrides: z
        .array(z.object({ variable: z.string(), path: z.string() }))
        .describe("What the environment sets: a change takes effect once the variable is gone"),
      problems: z.array(fault),
    }),
  })
  .meta({ id: "Config" });

export const healthResource = z
  .object({
    type: z.literal("healths"),
    id: z.literal("carport"),
    attributes: z.object({ status: z.enum(["ok", "degraded"]), faults: z.array(fault) }),
  })
  .meta({ id: "SystemHealth" });

export const versionResource = z
  .object({
    type: z.literal("versions"),
    id: z.literal("carport"),
    attributes: z.object({ version: z.string(), node: z.string() }),
  })
  .meta({ id: "Version" });

export const health = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "Health" });

export const errorDocument = z
  .object({
    errors: z.array(
      z.object({
        status: z.string(),
        code: z.string(),
        title: z.string(),
        detail: z.string(),
        source: z
          .union([
            z.object({ parameter: z.string() }),
            z.object({ pointer: z.string() }),
            z.object({ header: z.string() }),
          ])
          .optional(),
        meta: z.object({ nextStep: z.string() }),
      }),
    ),
  })
  .meta({ id: "Errors" });
export type ErrorDocument = z.infer<typeof errorDocument>;
