import { z } from "zod";
import type { Signal } from "#domain/signal.ts";

/** What a client must know of a signal to show its values; the same over REST and the live stream. */
export const signalDefinition = z.object({
  key: z.string().describe("Unique within its device"),
  name: z.string(),
  group: z.enum(["drive", "battery", "charge", "climate", "body", "12v", "diagnostic"]),
  subject: z.enum(["vehicle", "device"]).describe("Whether it describes the vehicle or the device that reads it"),
  type: z.enum(["number", "boolean", "enum"]),
  unit: z.string().optional(),
  precision: z.int().optional().describe("Decimals worth showing"),
  states: z.record(z.string(), z.string()).optional().describe("Names of an enum's codes"),
  deviceClass: z.string().optional().describe("Home Assistant's device class"),
  enabled: z.boolean().describe("Worth a place on a dashboard without being asked for"),
});

export type SignalDefinition = z.infer<typeof signalDefinition>;

export function describeSignal(signal: Signal): SignalDefinition {
  const { key, name, group, subject, type, presentation } = signal;
  return {
    key,
    name,
    group,
    subject,
    type,
    enabled: presentation.enabled,
    ...(presentation.deviceClass !== undefined && { deviceClass: presentation.deviceClass }),
    ...(type === "number" && { precision: signal.precision, ...(signal.unit !== undefined && { unit: signal.unit }) }),
    ...(type === "enum" && { states: { ...signal.states } }),
  };
}
