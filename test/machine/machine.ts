import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { createInterface } from "node:readline";
import { spawnBound } from "../setup/spawn-bound.ts";
import { until } from "../setup/until.ts";
import { machineFolder } from "./part.ts";

const BOOT_MS = 60_000;
const BOOTS = 3;
const COMMAND_SECONDS = 60;
const root = join(import.meta.dirname, "../..");

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** How a command in the machine ended, with all it printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way in the machine. */
export interface Task {
  readonly ended: Promise<Outcome>;
  stdout(): string;
  stderr(): string;
  /** Resolves with the match once standard output has it; rejects after `seconds` or when the command ends without it. */
  says(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  /** Sends a signal to the command and everything it started. */
  stop(signal?: "TERM" | "INT" | "KILL"): Promise<Outcome>;
}

/**
 * A virtual machine for one test file: a kernel with CAN, one processor, and this machine's files as they are; what it
 * writes to them it alone sees. Everything runs about 17 times slower than on the host.
 */
export class Machine implements AsyncDisposable {
  /** Shared with the machine, where it is /run/machine. */
  readonly folder: string;
  readonly #emulator: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<Outcome>>();
  readonly #ready = Promise.withResolvers<void>();
  #requests = 0;

  private constructor(folder: string, emulator: ChildProcess) {
    this.folder = folder;
    this.#emulator = emulator;
  }

  static async boot(): Promise<Machine> {
    // The emulator loses a race now and then while the kernel patches its own code: such a boot is tried again.
    for (let attempt = 1; ; attempt++) {
      const folder = await mkdtemp(join(tmpdir(), "carport-machine-"));
      const machine = new Machine(folder, startEmulator(folder));
      machine.#listen();
      try {
        await machine.#ready.promise;
        return machine;
      } catch (error) {
        await machine[Symbol.asyncDispose]();
        if (attempt === BOOTS) throw error;
      }
    }
  }

  /** Runs a shell script in the repository's root. Rejects unless it ends with code 0 within `seconds`. */
  async run(script: string, seconds = COMMAND_SECONDS): Promise<string> {
    const task = this.start(script);
    const limit = setTimeout(() => task.stop("KILL").catch(() => {}), seconds * 1000);
    const { code, stdout, stderr } = await task.ended.finally(() => clearTimeout(limit));
    if (code !== 0) throw new Error(`code ${code} of: ${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a shell script in the repository's root and leaves it running. */
  start(script: string): Task {
    const number = ++this.#requests;
    const file = (kind: string) => join(this.folder, `${number}.${kind}`);
    const waiting = Promise.withResolvers<Outcome>();
    this.#waiting.set(number, waiting);
    // A machine that is switched off ends commands nobody waits for.
    waiting.promise.catch(() => {});
    const environment = `export PATH=${quote(env["PATH"] ?? "")} HOME=/root LANG=C.UTF-8 NO_COLOR=1 NODE_COMPILE_CACHE=/run/compile; cd ${quote(root)}`;
    void writeFile(file("sh"), `echo $$ >/run/machine/${number}.pid; ${environment}\n${script}\n`).then(() =>
      this.#emulator.stdin?.write(`${number}\n`),
    );
    const read = (kind: string) => readIfThere(file(kind));
    return {
      ended: waiting.promise,
      stdout: () => read("out"),
      stderr: () => read("err"),
      says: async (pattern, seconds = COMMAND_SECONDS) => {
        const fail = (cause?: unknown): never => {
          throw new Error(`no ${pattern} from: ${script}\n${read("out")}${read("err")}`, { cause });
        };
        const match = await until(`${pattern}`, seconds, () => {
          const ended = !this.#waiting.has(number);
          return pattern.exec(read("out")) ?? (ended ? null : undefined);
        }).catch(fail);
        return match ?? fail();
      },
      stop: async (signal = "TERM") => {
        if (this.#waiting.has(number)) {
          await this.run(`kill -${signal} -- -"$(cat /run/machine/${number}.pid)" || true`);
        }
        return waiting.promise;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode, stdin } = this.#emulator;
    if (exitCode === null && signalCode === null) {
      const gone = once(this.#emulator, "exit");
      stdin?.write("off\n");
      const kill = setTimeout(() => this.#emulator.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(kill);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  #listen(): void {
    const { stdout } = this.#emulator;
    if (stdout === null) throw new TypeError("the emulator has no standard output");
    const slow = setTimeout(() => this.#emulator.kill("SIGKILL"), BOOT_MS);
    createInterface({ input: stdout }).on("line", (line) => {
      const [word, number, code] = line.split(" ");
      if (word === "ready") this.#ready.resolve();
      if (word === "ready") clearTimeout(slow);
      if (word === "ended") this.#end(Number(number), Number(code));
    });
    this.#emulator.once("close", (code) => {
      clearTimeout(slow);
      const console = readIfThere(join(this.folder, "console.log")).slice(-3_000);
      const error = new Error(`the test machine ended (${code}); its console:\n${console}`);
      this.#ready.reject(error);
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
    });
  }

  #end(number: number, code: number): void {
    const read = (kind: string) => readIfThere(join(this.folder, `${number}.${kind}`));
    this.#waiting.get(number)?.resolve({ code, stdout: read("out"), stderr: read("err") });
    this.#waiting.delete(number);
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function startEmulator(folder: string): ChildProcess {
  const share = (tag: string, path: string, more = "") => [
    "-virtfs",
    `local,path=${path},mount_tag=${tag},security_model=none${more}`,
  ];
  const kernelArguments =
    "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off random.trust_cpu=on tsc=reliable";
  const emulator = [
    ...["-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max", "-smp", "1", "-m", "2048"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-kernel", join(machineFolder, "vmlinux"), "-initrd", join(machineFolder, "initrd.img")],
    ...["-append", kernelArguments, "-serial", `file:${join(folder, "console.log")}`],
    ...["-device", "virtio-serial-pci", "-chardev", "stdio,id=requests,signal=off"],
    ...["-device", "virtconsole,chardev=requests", "-device", "virtio-rng-pci"],
    ...share("host", "/", ",readonly=on,multidevs=remap"),
    ...share("modules", join(machineFolder, "lib/modules"), ",readonly=on"),
    ...share("exchange", folder),
  ];
  return spawnBound("qemu-system-x86_64", emulator, { stdio: ["pipe", "pipe", "inherit"] });
}
