import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../test/api-server.ts";

const html = "<!doctype html><title>Carport</title>";

let folder: string;
let server: ApiServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-page-"));
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(folder, "index.html.gz"), gzipSync(html));
  await writeFile(join(folder, "page-A1.js"), "export {}");
  await writeFile(join(folder, "notes.txt"), "not a part of the page");
  await mkdir(join(folder, "deeper.js"));
  server = await startApiServer(undefined, folder);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

test("the document is asked for anew each time, and costs nothing when it is the same", async () => {
  const first = await get("/");
  expect(first.status).toBe(200);
  expect(first.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(first.headers.get("cache-control")).toBe("no-cache");
  expect(await first.text()).toBe(html);
  const again = await get("/", { "if-none-match": first.headers.get("etag") ?? "" });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe("");
});

test("what carries a hash in its name is kept for ever", async () => {
  const answer = await get("/page-A1.js");
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(answer.headers.get("cache-control")).toContain("immutable");
});

test("who understands gzip gets what was compressed when the page was built", async () => {
  const zipped = await get("/", { "accept-encoding": "gzip" });
  expect(zipped.headers.get("content-encoding")).toBe("gzip");
  expect(zipped.headers.get("vary")).toBe("accept-encoding");
  const plain = await get("/", { "accept-encoding": "identity" });
  expect(plain.headers.has("content-encoding")).toBe(false);
  expect(await plain.text()).toBe(gunzipSync(gzipSync(html)).toString());
});

test("only the page's own files are served, as they were at the start", async () => {
  await writeFile(join(folder, "later.js"), "export {}");
  await symlink("/etc/passwd", join(folder, "passwd.js"));
  for (const path of ["/notes.txt", "/later.js", "/passwd.js", "/deeper.js", "/index.html", "/PAGE-A1.js"]) {
    expect((await get(path)).status, path).toBe(404);
  }
});

test("the page's files take no other method", async () => {
  const answer = await fetch(server.url, { method: "POST", body: "x" });
  expect(answer.status).toBe(405);
  expect((await fetch(server.url, { method: "HEAD" })).status).toBe(200);
});
