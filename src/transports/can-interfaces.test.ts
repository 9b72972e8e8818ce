import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { canInterfaces } from "./can-interfaces.ts";

test("CAN interfaces are told from others, and those that are up from those that are down", async () => {
  using folder = temporaryFolder();
  const add = (name: string, type: number, flags: string) => {
    const path = join(folder.path, "class/net", name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "type"), `${type}\n`);
    writeFileSync(join(path, "flags"), `${flags}\n`);
  };
  add("eth-x", 1, "0x1003");
  add("can-y1", 280, "0x40080");
  add("can-y0", 280, "0x40081");
  expect(await canInterfaces(folder.path)).toEqual([
    { name: "can-y0", up: true, bitrate: undefined },
    { name: "can-y1", up: false, bitrate: undefined },
  ]);
  expect(await canInterfaces(join(folder.path, "nowhere"))).toEqual([]);
});
