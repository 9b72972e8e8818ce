import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../setup/command.ts";
import { freePort } from "../setup/free-port.ts";
import { spawnBound } from "../setup/spawn-bound.ts";

export interface MosquittoOptions {
  /** Further lines of mosquitto.conf. */
  readonly settings?: readonly string[];
  /** Lets in only these, by password. */
  readonly users?: Readonly<Record<string, string>>;
}

/** A Mosquitto of the test's own, on loopback: what it keeps is gone when it stops. */
export class Mosquitto {
  readonly host = "127.0.0.1";
  readonly port: number;
  /** Of configuration and whatever a test puts beside it. */
  readonly folder: string;
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  static async start({ settings = [], users }: MosquittoOptions = {}): Promise<Mosquitto> {
    const folder = await mkdtemp(join(tmpdir(), "carport-mosquitto-"));
    const mosquitto = new Mosquitto(await freePort(), folder);
    const passwords = join(folder, "passwords");
    if (users) {
      const lines = Object.entries(users).map(([name, password]) => `${name}:${password}\n`);
      await writeFile(passwords, lines.join(""));
      await command("mosquitto_passwd", ["-U", passwords]);
    }
    // As root it would drop to a user that may not read the folder.
    const lines = [
      "user root",
      `listener ${mosquitto.port} ${mosquitto.host}`,
      users ? `password_file ${passwords}` : "allow_anonymous true",
      ...settings,
    ];
    await writeFile(mosquitto.#file, `${lines.join("\n")}\n`);
    await mosquitto.restart();
    return mosquitto;
  }

  /** What it has said since the first start. */
  get log(): string {
    return this.#log;
  }

  /** Network connections it has seen. */
  get connections(): number {
    return this.#log.split("New connection from").length - 1;
  }

  async restart(): Promise<void> {
    const started = spawnBound("/usr/sbin/mosquitto", ["-c", this.#file, "-v"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = started;
    const running = new Promise<void>((resolve, reject) => {
      started.once("error", reject);
      started.once("exit", (code) => reject(new Error(`mosquitto ended with code ${code}:\n${this.#log}`)));
      started.stderr?.setEncoding("utf8").on("data", (text: string) => {
        this.#log += text;
        if (/mosquitto version \S+ running/.test(text)) resolve();
      });
    });
    await running;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.folder, "mosquitto.conf");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  }
}
