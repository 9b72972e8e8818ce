import type { z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
import { isVehicleId, type VehicleId } from "#domain/ids.ts";
import type { GarageOwner } from "#hub/garage.ts";
import { leavesOf } from "#hub/settings/schema-leaves.ts";
import type { Settings } from "#hub/settings/settings.ts";

/** What the API tells of a kind of device. */
export interface KindOfDevice {
  readonly kind: string;
  readonly title: string;
  readonly settings: z.ZodType;
  /** Present where a search can find such devices. */
  readonly discover?: unknown;
}

/** What it takes to change something. */
export interface Owner {
  readonly garage: GarageOwner;
  readonly settings: Settings;
  readonly kinds: ReadonlyMap<string, KindOfDevice>;
}

/** The vehicle that a document refers to. Throws VEHICLE_UNKNOWN. */
export function referredVehicle(garage: GarageOwner, { type, id }: { type: string; id: string }): VehicleId {
  if (type !== "vehicles") throw new CarportError("API_CONFLICT", "the type of a linkage to a vehicle");
  const vehicle = isVehicleId(id) ? garage.vehicle(id) : undefined;
  if (!vehicle) throw new CarportError("VEHICLE_UNKNOWN", id.slice(0, 64));
  return vehicle.id;
}

/** Settings of a kind without its secrets; none of an unknown kind, whose secrets nobody knows. */
export function shownSettings(
  kind: KindOfDevice | undefined,
  settings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return kind ? withoutSecrets(settings, secretPaths(kind.settings)) : {};
}

export const secretPaths = (schema: Parameters<typeof leavesOf>[0]): readonly string[] =>
  leavesOf(schema)
    .filter(({ secret }) => secret)
    .map(({ path }) => path.join("."));

export function withoutSecrets(
  value: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
  within = "",
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const path = within + key;
      if (secrets.includes(path)) return [];
      return [[key, isObject(each) ? withoutSecrets(each, secrets, `${path}.`) : each]];
    }),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
