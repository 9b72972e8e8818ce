import type { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { vehicleFields } from "./garage-settings.ts";
import { leavesOf } from "./schema-leaves.ts";
import type { Settings } from "./settings.ts";
import { systemSettings } from "./system-settings.ts";

const HIDDEN = "(hidden)";

/** The settings in force, with every value that its schema declares a secret replaced: what a stranger may read. */
export function redactedSettings(
  { system, vehicles, devices }: Pick<Settings, "system" | "vehicles" | "devices">,
  kinds: ReadonlyMap<string, DeviceKind>,
) {
  return {
    system: redacted(system, systemSettings),
    vehicles: vehicles.map((vehicle) => redacted(vehicle, vehicleFields)),
    devices: devices.map((device) => {
      const kind = kinds.get(device.kind);
      return { ...device, settings: kind ? redacted(device.settings, kind.settings) : HIDDEN };
    }),
  };
}

function redacted(value: object, schema: z.ZodType): unknown {
  const copy: unknown = structuredClone(value);
  for (const { path, secret } of leavesOf(schema)) if (secret) hide(copy, path);
  return copy;
}

/** Whether it is set at all may be known: a missing password is a common mistake. */
function hide(value: unknown, path: readonly string[]): void {
  const [name, ...rest] = path;
  if (name === undefined || typeof value !== "object" || value === null) return;
  const inner: unknown = Reflect.get(value, name);
  if (rest.length > 0) hide(inner, rest);
  else if (inner !== undefined && inner !== "") Reflect.set(value, name, HIDDEN);
}
