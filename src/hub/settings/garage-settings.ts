import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import type { DeviceRecord } from "#domain/device.ts";
import { didYouMean } from "#domain/did-you-mean.ts";
import { type DeviceId, isDeviceId, isVehicleId, type VehicleId } from "#domain/ids.ts";
import { type Vehicle, vehicleKinds } from "#domain/vehicle.ts";
import type { DocumentKind } from "./document.ts";
import { type Settable, variableName } from "./overrides.ts";
import { type Leaf, leavesOf } from "./schema-leaves.ts";

const ID_FORM = "lower-case letters, digits, - and _, 64 at most";
const vehicleId = z.custom<VehicleId>((id) => typeof id === "string" && isVehicleId(id), ID_FORM);
const deviceId = z.custom<DeviceId>((id) => typeof id === "string" && isDeviceId(id), ID_FORM);
const name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, "no line breaks or control characters");

const version = z.int();
/** Ids that were given once and belong to something that is gone: history is kept under them. */
const retired = z.array(z.string()).default([]);

/** vehicles.json: each field but the id can be set as CARPORT_VEHICLES_<ID>_<FIELD>. */
export const vehicleFields = z.strictObject({
  name: name.describe("What you call it"),
  kind: z.enum(vehicleKinds).default("car").describe("What it is"),
  vin: z
    .string()
    .regex(/^[A-Z0-9]{5,20}$/, "5 to 20 capital letters and digits")
    .exactOptional()
    .meta({ secret: true, description: "Vehicle or hull identification number" }),
});

/** devices.json, apart from `settings`, which each kind defines. */
const deviceFields = z.strictObject({
  name: name.describe("What you call it"),
  vehicle: vehicleId.exactOptional().describe("Id of the vehicle it is in"),
  enabled: z.boolean().default(true).describe("Whether Carport connects to it"),
  reconnect: z
    .strictObject({
      retries: z.int().min(0).max(100).default(3).describe("Attempts after a loss before the longer pause"),
      retrySeconds: z.int().min(1).max(3_600).default(60).describe("Seconds between these attempts"),
      reconnectSeconds: z
        .int()
        .min(1)
        .max(86_400)
        .default(300)
        .describe("Seconds between further attempts, once all of those have failed"),
    })
    .exactOptional()
    .describe("How patiently it is tried again. Without it: growing pauses of up to a minute"),
});

/** A device that was found and waits for the owner. Its kind's schema checks the settings when it is adopted. */
const foundDevice = z.strictObject({
  id: deviceId,
  kind: z.string(),
  name,
  settings: z.record(z.string(), z.unknown()),
  evidence: z.string(),
  foundAt: z.iso.datetime(),
  ignored: z.boolean().default(false),
});
const found = z.array(foundDevice).default([]);

export type VehiclesRaw = z.infer<typeof rawVehicles>;
const rawVehicles = z.looseObject({ version, retired, vehicles: z.array(z.looseObject({ id: vehicleId })) });

export type DevicesRaw = z.infer<typeof rawDevices>;
const rawDevices = z.looseObject({
  version,
  retired,
  devices: z.array(z.looseObject({ id: deviceId, kind: z.unknown(), vehicle: vehicleId.exactOptional() })),
  found,
});

const vehicleLeaves = leavesOf(vehicleFields);

export const vehiclesDocument: DocumentKind<VehiclesRaw, readonly Vehicle[]> = {
  file: "vehicles.json",
  migrations: [],
  empty: { version: 1, vehicles: [], retired: [] },
  raw: rawVehicles,
  schema: z
    .strictObject({
      version,
      retired,
      vehicles: z.array(z.strictObject({ id: vehicleId, ...vehicleFields.shape })).superRefine(refuseEqualIds),
    })
    .transform(({ vehicles }) => vehicles),
  settables: (document) => settablesOf(document, "vehicles", () => vehicleLeaves),
};

/** devices.json, for the kinds that this Carport knows. */
export function devicesDocument(
  kinds: ReadonlyMap<string, DeviceKind>,
): DocumentKind<DevicesRaw, readonly DeviceRecord[]> {
  const leaves = new Map<string, readonly Leaf[]>();
  const leavesOfKind = (kind: string): readonly Leaf[] => {
    const known = leaves.get(kind) ?? deviceLeaves(kinds.get(kind));
    leaves.set(kind, known);
    return known;
  };
  const device = z
    .strictObject({
      id: deviceId,
      kind: z.string(),
      ...deviceFields.shape,
      settings: z.custom<Readonly<Record<string, unknown>>>(isObject, "expected an object").prefault({}),
    })
    .transform((record, context) => {
      const kind = kinds.get(record.kind);
      if (!kind) {
        const meant = didYouMean(record.kind, kinds.keys());
        const hint = meant === undefined ? `one of ${[...kinds.keys()].join(", ")}` : `did you mean ${meant}?`;
        context.issues.push({ code: "custom", input: record.kind, path: ["kind"], message: `No such kind: ${hint}` });
        return z.NEVER;
      }
      const settings = kind.settings.safeParse(record.settings);
      if (settings.success && isObject(settings.data)) return { ...record, settings: settings.data };
      for (const issue of settings.error?.issues ?? []) {
        context.issues.push({ ...issue, input: undefined, path: ["settings", ...issue.path] });
      }
      return z.NEVER;
    });
  return {
    file: "devices.json",
    migrations: [],
    empty: { version: 1, devices: [], retired: [], found: [] },
    raw: rawDevices,
    schema: z
      .strictObject({ version, retired, found, devices: z.array(device).superRefine(refuseEqualIds) })
      .transform(({ devices }) => devices),
    settables: (document) => settablesOf(document, "devices", ({ kind }) => leavesOfKind(String(kind))),
  };
}

function deviceLeaves(kind: DeviceKind | undefined): readonly Leaf[] {
  const settings = kind ? leavesOf(kind.settings) : [];
  return [...leavesOf(deviceFields), ...settings.map((leaf) => ({ ...leaf, path: ["settings", ...leaf.path] }))];
}

const listed = z.looseObject({ id: z.string() });

function settablesOf(
  document: unknown,
  list: "vehicles" | "devices",
  leavesFor: (entry: z.infer<typeof listed>) => readonly Leaf[],
): readonly Settable[] {
  const entries = z.looseObject({ [list]: z.array(z.unknown()) }).safeParse(document).data?.[list] ?? [];
  return entries.flatMap((entry, index) => {
    const named = listed.safeParse(entry);
    if (!named.success) return [];
    return leavesFor(named.data).map((leaf) => ({
      variable: variableName([list, named.data.id, ...leaf.path]),
      path: [list, index, ...leaf.path],
      leaf,
    }));
  });
}

/** `-` and `_` count as equal: both are `_` in the name of a variable. */
function refuseEqualIds(entries: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { id }] of entries.entries()) {
    const plain = id.replace(/-/g, "_");
    if (seen.has(plain))
      context.addIssue({ code: "custom", path: [index, "id"], message: "There is another one with this id" });
    seen.add(plain);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
