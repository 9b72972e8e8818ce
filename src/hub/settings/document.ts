import { z } from "zod";
import { didYouMean } from "#domain/did-you-mean.ts";
import { CarportError } from "#domain/error.ts";
import { parseJson } from "./json-text.ts";
import {
  type Environment,
  type Override,
  overridesFrom,
  type Path,
  type Settable,
  withOverrides,
} from "./overrides.ts";

/** A step from one version of a file to the next. */
export interface Migration {
  /** The version it leads to; steps are listed in order, without a gap, from 2. */
  readonly to: number;
  /** What changes and why, for the log. */
  readonly note: string;
  readonly migrate: (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;
}

/** What a settings file may hold. `Raw` is what is written in it, `Value` what is in force: defaults and overrides applied. */
export interface DocumentKind<Raw, Value> {
  readonly file: string;
  readonly migrations: readonly Migration[];
  /** What is in force before there is a file. */
  readonly empty: Raw;
  /** The shape that edits rely on; checks no more than that. */
  readonly raw: z.ZodType<Raw>;
  readonly schema: z.ZodType<Value>;
  /** All that a variable can set in this document. */
  readonly settables: (document: unknown) => readonly Settable[];
}

export interface Document<Raw, Value> {
  readonly raw: Raw;
  readonly value: Value;
  readonly settables: readonly Settable[];
  readonly overrides: readonly Override[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** Overrides that were left out. */
  readonly problems: readonly CarportError[];
  /** The version it was written in, where that was an older one. */
  readonly migratedFrom: number | undefined;
}

/** Why a document is refused. Never quotes a value, which may be a secret. */
export interface Refusal {
  readonly code: "SETTINGS_SYNTAX" | "SETTINGS_INVALID" | "SETTINGS_TOO_NEW";
  readonly path: readonly PropertyKey[];
  readonly what: string;
}

/** An edit that the settings refuse, with the places of the values. */
export class SettingsRefused extends CarportError {
  readonly file: string;
  readonly refusals: readonly Refusal[];

  constructor(file: string, refusals: readonly Refusal[]) {
    super("SETTINGS_REFUSED", refusals.map((refusal) => refusalText(file, refusal)).join("; "));
    this.file = file;
    this.refusals = refusals;
  }
}

export type Checked<Raw, Value> =
  | { readonly document: Document<Raw, Value>; readonly refusals?: never }
  | { readonly document?: never; readonly refusals: readonly Refusal[] };

// What owners write by hand has a few kilobytes.
const LARGEST = 1_000_000;

const versioned = z.object({ version: z.int().min(1) });
const anything = z.record(z.string(), z.unknown());

export const newestVersion = ({ migrations }: { readonly migrations: readonly Migration[] }): number =>
  migrations.at(-1)?.to ?? 1;

/** Checks the text of a settings file. */
export function checkText<Raw, Value>(
  kind: DocumentKind<Raw, Value>,
  text: string,
  env: Environment,
): Checked<Raw, Value> {
  if (text.length > LARGEST) return refused("SETTINGS_INVALID", "larger than 1 MB");
  const json = parseJson(text);
  if (json.fault) {
    const { line, column, what } = json.fault;
    return refused("SETTINGS_SYNTAX", `line ${line}, column ${column}: ${what}`);
  }
  return checkDocument(kind, json.value, env);
}

/** Checks a document as it stands in, or is about to be written to, a settings file. */
export function checkDocument<Raw, Value>(
  kind: DocumentKind<Raw, Value>,
  json: unknown,
  env: Environment,
): Checked<Raw, Value> {
  const newest = newestVersion(kind);
  const head = versioned.safeParse(json);
  if (!head.success) return { refusals: wordsFor(head.error.issues, []) };
  const { version } = head.data;
  if (version > newest) return refused("SETTINGS_TOO_NEW", `version ${version}`);

  let migrated = json;
  try {
    for (const { to, migrate } of kind.migrations) {
      if (to > version) migrated = { ...migrate(anything.parse(migrated)), version: to };
    }
  } catch {
    return refused("SETTINGS_INVALID", `does not have the shape that version ${version} had`);
  }

  const settables = kind.settables(migrated);
  let overrides = overridesFrom(env, settables);
  const left: CarportError[] = [];
  for (;;) {
    const overridden = withOverrides(migrated, overrides);
    const result = kind.schema.safeParse(overridden);
    if (result.success) {
      const raw = kind.raw.safeParse(migrated);
      if (!raw.success) return { refusals: wordsFor(raw.error.issues, settables) };
      const migratedFrom = version < newest ? version : undefined;
      const secrets = settables.filter(({ leaf }) => leaf.secret).flatMap(({ path }) => textsAt(overridden, path));
      return {
        document: { raw: raw.data, value: result.data, settables, overrides, secrets, problems: left, migratedFrom },
      };
    }
    const { issues } = result.error;
    const wrong = overrides.filter((override) => issues.some((issue) => startsWith(issue.path, override.path)));
    if (wrong.length === 0) return { refusals: wordsFor(issues, settables) };
    for (const { variable, path } of wrong) {
      const issue = issues.find((candidate) => startsWith(candidate.path, path));
      left.push(new CarportError("OVERRIDE_INVALID", `${variable}: ${lowerFirst(issue?.message ?? "")}`));
    }
    overrides = overrides.filter((override) => !wrong.includes(override));
  }
}

/** `["devices", 1, "settings", "bus"]` → `devices[1].settings.bus`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");

/** `devices.json: devices[1].settings.bus: expected a string`. */
export const refusalText = (file: string, { path, what }: Refusal): string =>
  [file, pathText(path), what].filter((part) => part !== "").join(": ");

const refused = (code: Refusal["code"], what: string): { readonly refusals: readonly Refusal[] } => ({
  refusals: [{ code, path: [], what }],
});

function wordsFor(issues: readonly z.core.$ZodIssue[], settables: readonly Settable[]): readonly Refusal[] {
  return issues.flatMap((issue) => {
    const code = "SETTINGS_INVALID";
    if (issue.code !== "unrecognized_keys") return [{ code, path: issue.path, what: lowerFirst(issue.message) }];
    return issue.keys.map((key) => {
      const meant = didYouMean(key, siblings(issue.path, settables));
      const hint = meant === undefined ? "" : `, did you mean ${meant}?`;
      return { code, path: [...issue.path, key], what: `no setting has this name${hint}` };
    });
  });
}

function textsAt(document: unknown, path: Path): readonly string[] {
  let at = document;
  for (const key of path) at = anything.safeParse(at).data?.[key] ?? (Array.isArray(at) ? at[Number(key)] : undefined);
  return typeof at === "string" && at !== "" ? [at] : [];
}

/** The names that settings beside a path have. */
const siblings = (path: readonly PropertyKey[], settables: readonly Settable[]): Set<string> =>
  new Set(
    settables
      .filter((settable) => startsWith(settable.path, path))
      .map((settable) => settable.path[path.length])
      .filter((key) => typeof key === "string"),
  );

const startsWith = (path: readonly PropertyKey[], start: Path | readonly PropertyKey[]): boolean =>
  start.every((key, index) => path[index] === key);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
