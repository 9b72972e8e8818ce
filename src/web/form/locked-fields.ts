import { type Field, pointerOf } from "./schema-fields.ts";

/** A setting that the environment holds, as `api/system/config` tells it. */
export interface Override {
  readonly variable: string;
  readonly path: string;
}

/** Names of variables have neither humps nor dashes: CARPORT_DEVICES_BM6_POLL_MINUTES. */
const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, "").toLowerCase();

/** Pointers of the fields that the environment sets, with their variables. `within`: what stands before a field's name. */
export function lockedFields(
  fields: readonly Field[],
  overrides: readonly Override[],
  within: readonly string[] = [],
): ReadonlyMap<string, string> {
  const variables = new Map(overrides.map(({ variable }) => [plain(variable), variable]));
  return new Map(
    fields.flatMap(({ path }) => {
      const variable = variables.get(plain(["carport", ...within, ...path].join("")));
      return variable === undefined ? [] : [[pointerOf(path), variable]];
    }),
  );
}
