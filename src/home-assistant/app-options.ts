import { readFile } from "node:fs/promises";
import { z } from "zod";

// The Supervisor writes what it validated against config.yaml; unknown keys may be left from an older version.
const options = z.object({
  log_level: z.enum(["debug", "info", "warn", "error"]).default("info"),
  safe_mode: z.boolean().default(false),
});

/**
 * The app's options page as environment overrides, the one way in for settings from outside the data folder.
 * No file, or one that is damaged: no overrides. The page of Carport itself has everything else.
 */
export async function appOptions(path: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path, "utf8").catch(() => "");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const parsed = options.safeParse(json);
  if (!parsed.success) return {};
  return { CARPORT_LOG_LEVEL: parsed.data.log_level, CARPORT_SAFE_MODE: String(parsed.data.safe_mode) };
}
