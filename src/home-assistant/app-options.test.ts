import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appOptions } from "./app-options.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-options-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, "options.json");
  await writeFile(path, text);
  return appOptions(path);
}

test("the options page becomes environment overrides", async () => {
  expect(await read('{"log_level":"debug","safe_mode":true,"from_an_older_version":1}')).toEqual({
    CARPORT_LOG_LEVEL: "debug",
    CARPORT_SAFE_MODE: "true",
  });
});

test.each(["", "[", "[]", '{"log_level":"loud"}', "\u0000"])("a damaged file (%j) overrides nothing", async (text) => {
  expect(await read(text)).toEqual({});
});

test("outside Home Assistant there is no file and nothing is overridden", async () => {
  expect(await appOptions(join(folder, "absent.json"))).toEqual({});
});
