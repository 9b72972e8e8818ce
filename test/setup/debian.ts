import { spawnSync } from "node:child_process";
import { env, getuid } from "node:process";
import { command } from "./command.ts";

export const isRoot = getuid?.() === 0;

/** Those of `packages` that dpkg does not list as installed; all of them where there is no dpkg. */
export function missingPackages(packages: readonly string[]): readonly string[] {
  const format = `--showformat=$\{db:Status-Status} $\{Package}\\n`;
  const { stdout } = spawnSync("dpkg-query", ["--show", format, ...packages], { encoding: "utf8" });
  const installed = new Set(
    (stdout ?? "")
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length)),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Why packages cannot be installed here, or undefined when they can. */
export function whyNotInstallable(): string | undefined {
  if (spawnSync("apt-get", ["--version"]).error) return "this machine has no apt";
  return isRoot ? undefined : "only root may install packages";
}

export async function installPackages(packages: readonly string[]): Promise<void> {
  const apt = (...args: string[]) =>
    command("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=600", ...args], {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
    });
  await apt("update");
  await apt("install", "--yes", "--no-install-recommends", ...packages);
}

/** The mirror that this machine's own packages come from. */
export async function mirror(): Promise<string> {
  const targets = await command("apt-get", [
    "indextargets",
    "--format",
    "$(REPO_URI) $(COMPONENT)",
    "Created-By: Packages",
  ]);
  const lines = targets.split("\n").filter((line) => line.endsWith(" main"));
  const plain = lines.find((line) => !line.includes("security")) ?? "http://deb.debian.org/debian main";
  return plain.slice(0, -" main".length);
}
