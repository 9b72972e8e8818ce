import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../setup/cache.ts";
import { freePort } from "../setup/free-port.ts";
import { spawnBound } from "../setup/spawn-bound.ts";
import { until } from "../setup/until.ts";

/** The newest one whose pinned requirements all resolve. */
export const VERSION = "2026.10.4";
/** Integrations whose requirements it is made with. */
const INTEGRATIONS = ["mqtt", "bluetooth"];
/** Where `part.ts` makes it. */
export const coreFolder = join(cacheFolder, `home-assistant-${VERSION}-${INTEGRATIONS.join("-")}`);

const customComponents = join(import.meta.dirname, "custom_components");

/** Nothing of the host's environment reaches the Debian inside. */
export const insideEnvironment: NodeJS.ProcessEnv = {
  PATH: "/ha/bin:/usr/sbin:/usr/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
  SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt",
};

const CONFIGURATION = `
homeassistant:
  name: Test house
  country: DE
  language: en
  currency: EUR
  latitude: 52.5
  longitude: 13.4
  elevation: 40
  unit_system: metric
  time_zone: Europe/Berlin
frontend:
config:
history:
logbook:
recorder:
  commit_interval: 1
logger:
  default: info
`;

/** All steps but the owner count as done: `core_config` would add a weather service that calls out. */
const ONBOARDING = {
  version: 4,
  minor_version: 1,
  key: "onboarding",
  data: { done: ["core_config", "analytics", "integration"] },
};

/** The web address is kept here: one given in YAML counts as a trial and is reverted after five minutes. */
const http = (port: number) => ({
  version: 2,
  minor_version: 2,
  key: "http",
  data: {
    pending: null,
    yaml_migration_done: true,
    stable: {
      server_host: ["127.0.0.1"],
      server_port: port,
      cors_allowed_origins: [],
      login_attempts_threshold: -1,
      ip_ban_enabled: true,
      ssl_profile: "modern",
      use_x_frame_options: true,
      created_at: "2026-01-01T00:00:00+00:00",
      error: null,
      error_message: null,
    },
  },
});

// Its own mounts, which end with it; `exec` all the way, so that the process started here is Home Assistant itself.
const START = `
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount --bind "$2" "$1/config" || exit 1
root=$1; shift 2; exec chroot "$root" /ha/bin/hass --config /config --log-no-color "$@"`;

interface CoreOptions {
  readonly root?: string;
  /** A start then installs what its components require; otherwise it stays as it is. */
  readonly installsRequirements?: boolean;
  /** Folders of `custom_components` here that it has as well. */
  readonly components?: readonly string[];
}

/** A Home Assistant Core on loopback, with a configuration of its own that goes with it. */
export class HomeAssistantCore {
  readonly url: string;
  readonly #root: string;
  readonly #folder: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(root: string, folder: string, url: string, installsRequirements: boolean) {
    this.#root = root;
    this.#folder = folder;
    this.url = url;
    this.#arguments = installsRequirements ? [] : ["--skip-pip"];
  }

  static async create({
    root = coreFolder,
    installsRequirements = false,
    components = [],
  }: CoreOptions = {}): Promise<HomeAssistantCore> {
    const folder = await mkdtemp(join(tmpdir(), "carport-home-assistant-"));
    const port = await freePort();
    await mkdir(join(folder, ".storage"));
    const lines = [...(installsRequirements ? INTEGRATIONS : []), ...components].map((name) => `${name}:\n`).join("");
    await writeFile(join(folder, "configuration.yaml"), `${CONFIGURATION}${lines}`);
    for (const name of components) {
      await cp(join(customComponents, name), join(folder, "custom_components", name), { recursive: true });
    }
    await writeFile(join(folder, ".storage/http"), JSON.stringify(http(port)));
    await writeFile(join(folder, ".storage/onboarding"), JSON.stringify(ONBOARDING));
    return new HomeAssistantCore(root, folder, `http://127.0.0.1:${port}`, installsRequirements);
  }

  /** Resolves when it answers over HTTP, which is before it is fully up. */
  async start(): Promise<void> {
    const output = await open(join(this.#folder, "output.log"), "a");
    const inside = ["bash", "-c", START, "start", this.#root, this.#folder, ...this.#arguments];
    const child = spawnBound("unshare", ["--mount", "--propagation", "private", ...inside], {
      env: insideEnvironment,
      stdio: ["ignore", output.fd, output.fd],
    });
    this.#process = child;
    await output.close();
    await until("an answer of Home Assistant", 300, async () => {
      if (child.exitCode !== null) return true;
      return (await fetch(`${this.url}/manifest.json`, { signal: AbortSignal.timeout(2_000) })).ok;
    });
    if (child.exitCode !== null) throw new Error(`Home Assistant did not start:\n${await this.log()}`);
  }

  /** Resolves when every component is set up. */
  async initialized(): Promise<void> {
    await until("all of Home Assistant up", 300, async () =>
      (await this.log()).includes("Home Assistant initialized in"),
    );
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const kill = setTimeout(() => child.kill("SIGKILL"), 60_000);
    await ended;
    clearTimeout(kill);
  }

  /** Everything it said since it was created. */
  async log(): Promise<string> {
    return readFile(join(this.#folder, "output.log"), "utf8");
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
