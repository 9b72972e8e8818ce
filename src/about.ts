import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

const file = findPackageJSON(import.meta.url) ?? "package.json";

/** Carport's own version. */
export const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8")));

/** Where the built page is, in a checkout and in the image alike. */
export const webRoot = join(dirname(file), "dist", "web");
