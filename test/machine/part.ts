import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { cacheFolder } from "../setup/cache.ts";
import { command } from "../setup/command.ts";
import { mirror } from "../setup/debian.ts";
import type { RealPart } from "../setup/real-part.ts";

/** Debian suite the kernel is taken from. */
const SUITE = "trixie";
/** What it takes to see the host's files; every other module is loaded from there. */
const EARLY_MODULES = ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"];
const init = join(import.meta.dirname, "init");

const shell = (script: string, ...args: string[]) =>
  command("bash", ["-euo", "pipefail", "-c", script, "shell", ...args]);

/** Downloads and unpacks the kernel's package without installing it; the apt state is its own, this machine's is left alone. */
async function unpackKernel(folder: string): Promise<void> {
  const state = join(folder, "apt");
  await mkdir(join(state, "lists/partial"), { recursive: true });
  await mkdir(join(state, "cache/archives/partial"), { recursive: true });
  const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
  await writeFile(join(state, "sources.list"), `deb [signed-by=${keys}] ${await mirror()} ${SUITE} main\n`);
  const settings = [
    `Dir::Etc::sourcelist=${state}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::lists=${state}/lists`,
    "Dir::State::status=/dev/null",
    `Dir::Cache=${state}/cache`,
    "APT::Sandbox::User=root",
  ].flatMap((setting) => ["-o", setting]);
  await command("apt-get", ["-qq", ...settings, "update"]);
  const depends = await command("apt-cache", [...settings, "depends", "linux-image-amd64"]);
  const kernel = /Depends: (linux-image-\d\S+)/.exec(depends)?.[1];
  if (kernel === undefined) throw new Error(`no kernel in ${SUITE}:\n${depends}`);
  await command("apt-get", ["-qq", ...settings, "download", kernel], { cwd: state });
  await shell('dpkg-deb --fsys-tarfile "$1"/*.deb | tar -x -C "$2"', state, folder);
  await rm(state, { recursive: true });
}

/** The kernel inside a bzImage, where it is compressed with xz: booting it saves three seconds of unpacking under emulation. */
async function extractKernel(bzImage: string, vmlinux: string): Promise<void> {
  const start = (await readFile(bzImage)).indexOf(Buffer.from("\xfd7zXZ\0", "latin1"));
  if (start < 0) return copyFile(bzImage, vmlinux);
  // What follows the compressed kernel is not xz: its complaint about that is expected.
  await shell('tail -c "+$1" "$2" | xz -dcq --single-stream >"$3" || true', String(start + 1), bzImage, vmlinux);
  const file = await open(vmlinux);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  await file.close();
  if (!buffer.equals(Buffer.from("\x7fELF", "latin1"))) await copyFile(bzImage, vmlinux);
}

/** A first file system that carries busybox, `init` and the early modules in the order in which they load. */
async function packInitramfs(folder: string, version: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "carport-initramfs-"));
  for (const path of ["bin", "sbin", "modules", "proc", "sys", "dev"]) await mkdir(join(root, path));
  await copyFile("/bin/busybox", join(root, "bin/busybox"));
  await copyFile(init, join(root, "init"));
  // The kernel calls this when it wants a module (a CAN socket is opened); the real one lives in the host's files.
  const modprobe = '#!/bin/busybox sh\nexec /bin/busybox chroot /new /sbin/modprobe "$@"\n';
  await writeFile(join(root, "sbin/modprobe"), modprobe, { mode: 0o755 });
  const order: string[] = [];
  for (const name of EARLY_MODULES) {
    const lines = await command("/sbin/modprobe", ["-d", folder, "-S", version, "--show-depends", name]);
    for (const [, path = ""] of lines.matchAll(/^insmod (\S+)/gm)) {
      const module = basename(path, ".xz");
      if (order.includes(module)) continue;
      order.push(module);
      await shell('xz -dc "$1" >"$2"', path, join(root, "modules", module));
    }
  }
  await writeFile(join(root, "modules/order"), `${order.join("\n")}\n`);
  await shell('cd "$1" && find . | cpio -o -H newc --quiet | gzip -1 >"$2"', root, join(folder, "initrd.img"));
  await rm(root, { recursive: true });
}

async function make(folder: string): Promise<void> {
  await unpackKernel(folder);
  // Debian has merged /lib into /usr/lib; modprobe and depmod look below lib/modules.
  await mkdir(join(folder, "lib"));
  await rename(join(folder, "usr/lib/modules"), join(folder, "lib/modules"));
  const [version] = await readdir(join(folder, "lib/modules"));
  if (version === undefined) throw new Error("the kernel's package has no modules");
  await command("/sbin/depmod", ["-b", folder, version]);
  await extractKernel(join(folder, `boot/vmlinuz-${version}`), join(folder, "vmlinux"));
  await packInitramfs(folder, version);
  await rm(join(folder, "boot"), { recursive: true });
  await rm(join(folder, "usr"), { recursive: true });
}

// Whoever changes how the machine is made gets a new one.
const recipe = createHash("sha256")
  .update(readFileSync(init))
  .update(readFileSync(import.meta.filename))
  .digest("hex");

/** Holds `vmlinux`, `initrd.img` and `lib/modules`. */
export const machineFolder = join(cacheFolder, `machine-${SUITE}-${recipe.slice(0, 12)}`);

/** A virtual machine with a kernel of its own: CAN and, later, Bluetooth where the host has none. */
export const machine: RealPart = {
  name: "the test machine",
  packages: ["qemu-system-x86", "busybox-static", "cpio", "kmod", "xz-utils", "iproute2", "can-utils"],
  made: { folder: machineFolder, needsRoot: false, make },
};
