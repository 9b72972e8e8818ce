import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../setup/command.ts";
import { mirror } from "../setup/debian.ts";
import type { RealPart } from "../setup/real-part.ts";
import { coreFolder, HomeAssistantCore, insideEnvironment, VERSION } from "./core.ts";

/** Home Assistant needs Python 3.14.2 or newer; this Debian suite has it. */
const SUITE = "forky";
// A compiler, because a few requirements come as source only.
const SYSTEM = ["ca-certificates", "python3", "python3-venv", "python3-dev", "g++"];

/**
 * Home Assistant Core with its own frontend: a Debian of its own in a folder, with Core installed from PyPI.
 * `unshare` gives the mounts a namespace that ends with the commands in it, however they end.
 */
async function make(folder: string): Promise<void> {
  const isolated = (...args: string[]) => command("unshare", ["--mount", "--propagation", "private", ...args]);
  // The host's debootstrap may not know the suite by name yet: all suites since long share the script `sid`.
  const script = "/usr/share/debootstrap/scripts/sid";
  const include = `--include=${SYSTEM.join(",")}`;
  await isolated("debootstrap", "--variant=minbase", include, SUITE, folder, await mirror(), script);
  await rm(join(folder, "var/cache/apt/archives"), { recursive: true });

  // Names and certificates are looked up as on the host.
  for (const file of ["etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"]) {
    await copyFile(join("/", file), join(folder, file));
  }
  await mkdir(join(folder, "config"));
  const inside = (...args: string[]) => command("chroot", [folder, ...args], { env: insideEnvironment });
  await inside("python3", "-m", "venv", "/ha");
  // What Core itself installs with; several times as quick as pip.
  await inside("/ha/bin/pip", "install", "--quiet", "uv");
  await inside("/ha/bin/uv", "pip", "install", "--quiet", "--python", "/ha/bin/python", `homeassistant==${VERSION}`);

  // Its first start installs what the components in use require; later starts install nothing.
  const core = await HomeAssistantCore.create({ root: folder, installsRequirements: true });
  try {
    await core.start();
    await core.initialized();
  } finally {
    await core.dispose();
  }
}

export const homeAssistant: RealPart = {
  name: "Home Assistant Core",
  packages: ["debootstrap"],
  made: { folder: coreFolder, needsRoot: true, make },
};
