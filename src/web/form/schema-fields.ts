/** What of JSON Schema the settings use (z.toJSONSchema, input side). */
export interface Schema {
  readonly type?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Never shown; an empty field leaves it as it is. */
  readonly secret?: boolean | undefined;
}

/** One value of a form. */
export interface Field {
  /** JSON pointer (RFC 6901) below the settings: `/mqtt/port`. */
  readonly pointer: string;
  readonly path: readonly string[];
  readonly label: string;
  /** What it is for, and what it changes. */
  readonly effect: string;
  readonly unit: string | undefined;
  readonly input: "switch" | "choice" | "number" | "text" | "secret" | "json";
  readonly choices: readonly string[];
  /** "1 – 300", where the schema has both ends. */
  readonly range: string | undefined;
  readonly preset: unknown;
  readonly required: boolean;
}

/** The schema's values in their order, from the outside in. */
export function fieldsOf(schema: Schema, path: readonly string[] = []): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const at = [...path, key];
    if (child.properties) return fieldsOf(child, at);
    const { minimum, maximum } = child;
    const bounded = minimum !== undefined && maximum !== undefined && maximum < 2 ** 53 - 1;
    return {
      pointer: pointerOf(at),
      path: at,
      label: labelOf(key),
      effect: child.description ?? "",
      unit: unitOf(key),
      input: inputOf(child),
      choices: (child.enum ?? []).map(String),
      range: bounded ? `${signed(minimum)} – ${signed(maximum)}` : undefined,
      preset: child.default,
      required: schema.required?.includes(key) ?? false,
    };
  });
}

const signed = (bound: number): string => String(bound).replace("-", "\u2212");

export const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((key) => `/${String(key).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");

function inputOf({ type, enum: choices, secret }: Schema): Field["input"] {
  if (secret) return "secret";
  if (choices) return "choice";
  if (type === "boolean") return "switch";
  if (type === "number" || type === "integer") return "number";
  return type === "string" ? "text" : "json";
}

const units: Readonly<Record<string, string>> = { Seconds: "s", Minutes: "min", Hours: "h", Days: "d", seconds: "s" };

/** Names of settings end with their unit, `pollSeconds`, or say the quantity, `voltageOffset`. */
function unitOf(key: string): string | undefined {
  if (/voltage/i.test(key)) return "V";
  if (/temperature/i.test(key)) return "°C";
  return timeUnitOf(key);
}

const timeUnitOf = (key: string): string | undefined => units[/([A-Z][a-z]+|^seconds)$/.exec(key)?.[0] ?? ""];

/** `pollSeconds` → "Poll", its unit stands beside the value; `replaySpeed` → "Replay speed". */
export function labelOf(key: string): string {
  const bare = timeUnitOf(key) && key !== "seconds" ? key.replace(/[A-Z][a-z]+$/, "") : key;
  const words = bare.replace(/([a-z])([A-Z])/g, (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  const upper = words.replace(/^(mqtt|http|tls|dbc|vin)$/, (name) => name.toUpperCase());
  return upper.charAt(0).toUpperCase() + upper.slice(1);
}

/** What stands at a path in settings; undefined where nothing does. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    values,
  );
}

/**
 * What was typed as the setting's value; undefined: as if never set. What is no number stays text, so that the server
 * says what it wants.
 */
export function typedValue(field: Field, typed: string): unknown {
  const trimmed = typed.trim();
  if (trimmed === "") return undefined;
  switch (field.input) {
    case "number":
      return /^[-+]?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : typed;
    case "json":
      try {
        return JSON.parse(trimmed);
      } catch {
        return typed;
      }
    default:
      return typed;
  }
}
