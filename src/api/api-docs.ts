import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { CarportError } from "#domain/error.ts";
import type { ApiApp } from "./app.ts";

// Relative addresses, for the browser below ingress.
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Carport API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`;

// Without `validatorUrl` the document would be sent to somebody else's server.
const start = `SwaggerUIBundle({ url: "api/openapi.json", dom_id: "#docs", validatorUrl: null });\n`;

const types = { "swagger-ui.css": "text/css; charset=utf-8", "swagger-ui-bundle.js": "text/javascript; charset=utf-8" };

/** Swagger UI with the API's own document. Seldom looked at, so read when it is, and not kept. */
export function addApiDocs(app: ApiApp, webRoot: string): void {
  app.get("/docs", (c) => c.html(html, 200, { "cache-control": "no-cache" }));
  app.get("/docs/start.js", (c) => c.body(start, 200, { "content-type": types["swagger-ui-bundle.js"] }));
  for (const [name, type] of Object.entries(types)) {
    app.get(`/docs/${name}`, async (c) => {
      const body = await readFile(join(folderOf(webRoot), name)).catch((cause: unknown) => {
        throw new CarportError("PAGE_NOT_BUILT", name, { cause });
      });
      const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 20)}"`;
      const headers = { etag, "cache-control": "no-cache", vary: "accept-encoding" };
      if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
      const zipped = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
      if (!zipped) return c.body(body, 200, { ...headers, "content-type": type });
      const small = new Uint8Array(await promisify(gzip)(body));
      return c.body(small, 200, { ...headers, "content-type": type, "content-encoding": "gzip" });
    });
  }
}

/** In the package where there is one, and beside the built page in the image. */
function folderOf(webRoot: string): string {
  try {
    const file = findPackageJSON("swagger-ui-dist", import.meta.url);
    if (file !== undefined) return dirname(file);
  } catch {
    // No such package: the image has none.
  }
  return join(webRoot, "..", "docs");
}
