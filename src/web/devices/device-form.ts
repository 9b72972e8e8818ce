import type { DeviceKind } from "../api/devices.ts";
import { type Schema, valueAt } from "../form/schema-fields.ts";
import { text } from "../texts/text.ts";

const seconds = { type: "integer", minimum: 1, maximum: 86_400 } as const;

/**
 * What an owner can change of a device, as one schema: its common fields, its kind's own, and how patient it is. Of a new
 * one, what has to be said.
 */
export function deviceForm({ attributes }: DeviceKind, of: "new" | "known" = "known"): Schema {
  const name = { type: "string", description: text("device.name") };
  if (of === "new") return { properties: { name, settings: attributes.settings } };
  return {
    properties: {
      name,
      settings: attributes.settings,
      reconnect: {
        properties: {
          retries: { type: "integer", minimum: 0, maximum: 100, description: text("device.retries") },
          retrySeconds: { ...seconds, description: text("device.retrySeconds") },
          reconnectSeconds: { ...seconds, description: text("device.reconnectSeconds") },
        },
      },
    },
  };
}

/** What stands before the name of a device's setting in a variable of the environment. */
export const deviceNames = (id: string): readonly string[] => ["devices", id];

const patience = { retries: 3, retrySeconds: 60, reconnectSeconds: 300 };

/** The pace is one value: who sets a part of it keeps or gets the others. Who empties a part, lets all of it go. */
export function paceOf(
  edits: Readonly<Record<string, unknown>>,
  before: object | null,
): Readonly<Record<string, unknown>> {
  const { reconnect } = edits;
  if (typeof reconnect !== "object" || reconnect === null) return edits;
  const emptied = Object.keys(patience).some((key) => valueAt(reconnect, [key]) === null);
  return { ...edits, reconnect: emptied ? null : { ...patience, ...before, ...reconnect } };
}
