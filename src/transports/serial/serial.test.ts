import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { serialPorts } from "./serial-ports.ts";
import { guessUses } from "./serial-uses.ts";

/** /dev and /sys with adapters plugged in, as udev and the kernel lay them out. */
function plugIn(root: string, adapters: Readonly<Record<string, string>>): void {
  for (const folder of ["dev/serial/by-id", "sys/class/tty"]) mkdirSync(join(root, folder), { recursive: true });
  for (const [number, [link, id]] of Object.entries(adapters).entries()) {
    const [vendor = "", product = ""] = id.split(":");
    const tty = `ttyUSB${number}`;
    const usb = join(root, `sys/devices/usb1/1-${number}`);
    const port = join(usb, `1-${number}:1.0/${tty}`);
    mkdirSync(join(port, "tty", tty), { recursive: true });
    mkdirSync(join(root, "sys/class/tty", tty));
    writeFileSync(join(root, "dev", tty), "");
    symlinkSync(`../../${tty}`, join(root, "dev/serial/by-id", link));
    symlinkSync(port, join(root, "sys/class/tty", tty, "device"));
    writeFileSync(join(usb, "idVendor"), `${vendor}\n`);
    writeFileSync(join(usb, "idProduct"), `${product}\n`);
  }
}

const list = (root: string) => serialPorts(join(root, "dev"), join(root, "sys"));

test("adapters are found by their lasting names, with the USB ids of the kernel", async () => {
  using folder = temporaryFolder();
  plugIn(folder.path, { "usb-ScanTool.net_LLC_OBDLink_SX_115810-if00-port0": "0403:6015" });
  expect(await list(folder.path)).toEqual([
    {
      path: join(folder.path, "dev/serial/by-id/usb-ScanTool.net_LLC_OBDLink_SX_115810-if00-port0"),
      name: "ScanTool.net LLC OBDLink SX 115810",
      usbId: "0403:6015",
    },
  ]);
});

test("a machine without serial adapters, and one whose adapter has just been pulled, are no error", async () => {
  using folder = temporaryFolder();
  expect(await list(folder.path)).toEqual([]);
  plugIn(folder.path, {});
  symlinkSync("../../ttyUSB9", join(folder.path, "dev/serial/by-id/usb-gone-if00"));
  expect(await list(folder.path)).toMatchObject([{ name: "gone", usbId: undefined }]);
});

const guess = (name: string, usbId?: string) => guessUses({ path: "", name, usbId });

test.each([
  ["ScanTool.net LLC OBDLink SX 1158", "0403:6015", "obd-adapter"],
  ["u-blox AG - www.u-blox.com u-blox 7 - GPS GNSS Receiver", "1546:01a7", "gps"],
  ["RAKwireless WisBlock RAK4631 Board", "239a:8029", "meshtastic"],
  ["Openlight Labs CANable2 b158aa7 github.com normaldotcom canable2.git", "16d0:117e", "can-adapter"],
  ["ITead Sonoff Zigbee 3.0 USB Dongle Plus", "10c4:ea60", "not-a-vehicle"],
  ["Prolific Technology Inc. USB-Serial Controller", "067b:2303", "gps"],
])("%s is most likely: %s %s", (name, usbId, use) => {
  expect(guess(name, usbId)[0]?.use).toBe(use);
});

test("a name outranks the chip, which sits in all sorts of things", () => {
  const chip = guess("Silicon Labs CP2102 USB to UART Bridge Controller 0001", "10c4:ea60");
  expect(chip.map(({ use }) => use)).toEqual(["obd-adapter", "meshtastic"]);
  expect(chip.every(({ score }) => score < 50)).toBe(true);
  expect(guess("vLinker FS", "10c4:ea60")).toEqual([
    { use: "obd-adapter", score: 90, reason: "it calls itself “vLinker”" },
  ]);
});

test("what tells nothing is no guess", () => {
  expect(guess("")).toEqual([]);
  expect(guess("Some thing", "ffff:0001")).toEqual([]);
});
