import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { realDisk } from "./disk.ts";
import type { DocumentKind } from "./document.ts";
import { SettingsFile } from "./settings-file.ts";

const document: DocumentKind<{ version: number; volts: number }, number> = {
  file: "battery.json",
  migrations: [
    { to: 2, note: "a name that says the unit", migrate: ({ voltage, ...rest }) => ({ ...rest, volts: voltage }) },
    { to: 3, note: "a number, not a text", migrate: ({ volts, ...rest }) => ({ ...rest, volts: Number(volts) }) },
  ],
  empty: { version: 3, volts: 12 },
  raw: z.object({ version: z.int(), volts: z.number() }),
  schema: z.strictObject({ version: z.int(), volts: z.number() }).transform(({ volts }) => volts),
  settables: () => [],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-file-"));
  await mkdir(join(folder, "last-good"));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (name: string) => readFile(join(folder, name), "utf8");

async function open(): Promise<SettingsFile<{ version: number; volts: number }, number>> {
  const file = new SettingsFile(document, { folder, env: {}, disk: realDisk, stamp: () => "now" });
  await file.start();
  const candidate = await file.candidate();
  if (candidate) await file.accept(candidate);
  return file;
}

describe("a file of an older version", () => {
  it("goes through all steps from its version on, and a copy of it is kept", async () => {
    const old = '{"version": 1, "voltage": "12.6"}';
    await writeFile(join(folder, "battery.json"), old);
    const file = await open();
    expect(file.inForce.value).toBe(12.6);
    expect(JSON.parse(await text("battery.json"))).toEqual({ version: 3, volts: 12.6 });
    expect(await text("battery.json.version-1")).toBe(old);
    expect((await open()).inForce).toMatchObject({ value: 12.6, migratedFrom: undefined });
  });

  it("is left alone when it does not make sense in the new one", async () => {
    for (const old of ['{"version": 2, "volts": "none"}', '{"version": 2}', "[2]"]) {
      await writeFile(join(folder, "battery.json"), old);
      const file = await open();
      expect(file.inForce.value).toBe(12);
      expect(file.problems.map(({ code }) => code)).toEqual(["SETTINGS_INVALID"]);
      expect(await text("battery.json")).toBe(old);
    }
    expect(await readdir(folder)).toEqual(["battery.json", "last-good"]);
  });
});

describe("a saved file", () => {
  it("can be read by its owner only, or by whom the owner has allowed", async () => {
    const file = await open();
    const mode = async () => (await stat(join(folder, "battery.json"))).mode & 0o777;
    await file.write({ ...file.inForce, raw: { version: 3, volts: 13 } });
    expect(await mode()).toBe(0o600);
    await import("node:fs/promises").then((fs) => fs.chmod(join(folder, "battery.json"), 0o640));
    await file.write({ ...file.inForce, raw: { version: 3, volts: 14 } });
    expect(await mode()).toBe(0o640);
  });
});
