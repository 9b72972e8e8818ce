import { en } from "./en.ts";

export type TextKey = keyof typeof en;

/** The text of the catalogue, its `{placeholders}` filled in. */
export function text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return en[key].replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ""));
}
