import type { Leaf } from "./schema-leaves.ts";

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A way into a JSON document: `["devices", 1, "settings", "bus"]`. */
export type Path = readonly (string | number)[];

/** A place in a document that a variable can set. */
export interface Settable {
  readonly variable: string;
  readonly path: Path;
  readonly leaf: Leaf;
}

export interface Override extends Settable {
  readonly value: unknown;
}

/** Variables that are no settings. */
const OTHERS = new Set(["CARPORT_DATA", "CARPORT_REAL_DATA"]);

/** `["mqtt", "discoveryPrefix"]` → `CARPORT_MQTT_DISCOVERY_PREFIX`, `["devices", "leaf-can", "name"]` → `CARPORT_DEVICES_LEAF_CAN_NAME`. */
export const variableName = (names: readonly string[]): string =>
  ["CARPORT", ...names]
    .join("_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toUpperCase();

/** The variables that are set, with their values as the settings' types want them. An empty one counts as not set. */
export function overridesFrom(env: Environment, settables: readonly Settable[]): readonly Override[] {
  return settables.flatMap((settable) => {
    const text = env[settable.variable];
    return text === undefined || text === "" ? [] : [{ ...settable, value: typed(text, settable.leaf) }];
  });
}

/** The document with the overrides in it; the given one is not changed. */
export function withOverrides(document: unknown, overrides: readonly Override[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const { path, value } of overrides) put(copy, path, value);
  return copy;
}

/** CARPORT_ variables that set nothing, because they are misspelt or name a device that does not exist. */
export function unknownVariables(env: Environment, settables: readonly Settable[]): readonly string[] {
  const known = new Set(settables.map((settable) => settable.variable));
  return Object.keys(env).filter((name) => name.startsWith("CARPORT_") && !known.has(name) && !OTHERS.has(name));
}

/** What the schema then refuses is left as text. */
function typed(text: string, leaf: Leaf): unknown {
  switch (leaf.type) {
    case "string":
      return text;
    case "number":
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
    case "boolean":
      if (/^(true|yes|on|1)$/i.test(text)) return true;
      return /^(false|no|off|0)$/i.test(text) ? false : text;
    case "json":
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
  }
}

/** Does nothing where the document has something else than an object on the way: the schema will refuse that. */
function put(document: unknown, path: Path, value: unknown): void {
  let at = document;
  for (const [depth, key] of path.entries()) {
    if (!isObject(at)) return;
    if (depth === path.length - 1) at[key] = value;
    else at = at[key] ??= {};
  }
}

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === "object" && value !== null;
