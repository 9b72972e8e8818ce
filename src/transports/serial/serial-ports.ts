import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A serial adapter that is plugged in. */
export interface SerialPort {
  /** Below /dev/serial/by-id: stays the same whatever the order of plugging in. */
  readonly path: string;
  /** `usb-ScanTool.net_LLC_OBDLink_SX_1158-if00-port0` without what is the same for all. */
  readonly name: string;
  /** `0403:6015`; undefined where the kernel does not tell. */
  readonly usbId: string | undefined;
}

/** From a tty up to the USB device it belongs to. */
const USB_DEVICE_WITHIN = 5;

/** In the order of their names; none where nothing is plugged in. `dev` and `sys` are where those are mounted. */
export async function serialPorts(dev = "/dev", sys = "/sys"): Promise<readonly SerialPort[]> {
  const folder = join(dev, "serial/by-id");
  const links = await readdir(folder).catch(() => []);
  return await Promise.all(
    links.sort().map(async (link) => ({
      path: join(folder, link),
      name: link
        .replace(/^usb-/, "")
        .replace(/-if\d+(-port\d+)?$/, "")
        .replace(/_/g, " "),
      usbId: await usbId(join(folder, link), sys),
    })),
  );
}

async function usbId(path: string, sys: string): Promise<string | undefined> {
  const tty = await realpath(path).catch(() => undefined);
  if (tty === undefined) return undefined;
  let folder = await realpath(join(sys, "class/tty", basename(tty), "device")).catch(() => undefined);
  for (let step = 0; folder !== undefined && step < USB_DEVICE_WITHIN; step++, folder = dirname(folder)) {
    const [vendor, product] = await Promise.all([word(join(folder, "idVendor")), word(join(folder, "idProduct"))]);
    if (vendor && product) return `${vendor}:${product}`;
  }
  return undefined;
}

const word = (path: string): Promise<string | undefined> =>
  readFile(path, "latin1").then(
    (text) => text.trim(),
    () => undefined,
  );
