import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { freePort } from "./setup/free-port.ts";
import { spawnBound } from "./setup/spawn-bound.ts";
import { until } from "./setup/until.ts";

const main = join(import.meta.dirname, "../src/main.ts");

/** The settings files of a data folder, without their version. */
export interface Household {
  readonly vehicles: readonly unknown[];
  readonly devices: readonly unknown[];
}

/** Carport as a user runs it: a process with a data folder and a page of its own. */
export class CarportProcess {
  readonly folder: string;
  readonly url: string;
  /** Everything it has said. */
  output = "";
  readonly #variables: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, variables: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#variables = { CARPORT_DATA: folder, CARPORT_HTTP_PORT: String(port), ...variables };
  }

  /** Without a household nothing is configured, and it opens the demo garage. */
  static async create(household?: Household, variables: NodeJS.ProcessEnv = {}): Promise<CarportProcess> {
    const folder = await mkdtemp(join(tmpdir(), "carport-data-"));
    const carport = new CarportProcess(folder, await freePort(), variables);
    if (household) await carport.configure(household);
    return carport;
  }

  /** Writes the settings as an owner does who edits them by hand; a running Carport applies them. */
  async configure({ vehicles, devices }: Household): Promise<void> {
    const write = (name: string, content: object) =>
      writeFile(join(this.folder, name), JSON.stringify({ version: 1, ...content }));
    await write("vehicles.json", { vehicles });
    await write("devices.json", { devices });
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when its page answers. */
  async start(): Promise<void> {
    const child = spawnBound(process.execPath, [main], {
      env: { PATH: env["PATH"], HOME: env["HOME"], ...this.#variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    await until("Carport's page", 30, async () => {
      if (child.exitCode !== null) return true;
      return (await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(2_000) })).ok;
    });
    if (child.exitCode !== null) throw new Error(`Carport did not start:\n${this.output}`);
  }

  /** Resolves with its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    return child.exitCode;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
