import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Context } from "hono";

interface PageFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly gzip: Buffer<ArrayBuffer> | undefined;
  readonly type: string;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The built page, read once: some 100 KB that every open panel wants, and no request ever reaches the file system.
 * Empty when it has not been built.
 */
export async function readPageFiles(root: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = await readFile(join(root, name));
    const gzip = names.includes(`${name}.gz`) ? await readFile(join(root, `${name}.gz`)) : undefined;
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 20)}"`;
    files.set(`/${name === "index.html" ? "" : name}`, { body, gzip, type, etag });
  }
  return files;
}

export function servePageFile(c: Context, file: PageFile): Response {
  const headers: Record<string, string> = {
    etag: file.etag,
    // The names of all but the document carry a hash of their content.
    "cache-control": file.type.startsWith("text/html") ? "no-cache" : "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  };
  if (c.req.header("if-none-match") === file.etag) return c.body(null, 304, headers);
  headers["content-type"] = file.type;
  const zipped = file.gzip !== undefined && /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  if (!zipped) return c.body(file.body, 200, headers);
  return c.body(file.gzip ?? null, 200, { ...headers, "content-encoding": "gzip" });
}
