import { existsSync } from "node:fs";
import { isRoot, missingPackages } from "./debian.ts";

/** Something real that tests run against, as a user has it. */
export interface RealPart {
  readonly name: string;
  /** Debian packages it needs. */
  readonly packages: readonly string[];
  /** What is made of them once. */
  readonly made?: {
    /** In the cache; its name carries the versions it was made of. */
    readonly folder: string;
    readonly needsRoot: boolean;
    /** Fills the folder; a failure leaves none. */
    readonly make: (unfinished: string) => Promise<void>;
  };
}

/** Why tests cannot have the part on this machine as it is, or undefined when they can. */
export function whyMissing({ name, packages, made }: RealPart): string | undefined {
  const missing = missingPackages(packages);
  if (missing.length > 0) return `${name} needs the Debian packages ${missing.join(", ")}`;
  if (made === undefined) return undefined;
  if (!existsSync(made.folder)) return `${name} is not set up`;
  return made.needsRoot && !isRoot ? `${name} runs as root only` : undefined;
}

export const mosquitto: RealPart = { name: "Mosquitto", packages: ["mosquitto", "mosquitto-clients"] };
export const chromium: RealPart = { name: "Chromium", packages: ["chromium"] };
/** BlueZ and its virtual controllers, for the test machine. */
export const bluetooth: RealPart = { name: "virtual Bluetooth", packages: ["bluez", "bluez-test-tools", "dbus"] };
