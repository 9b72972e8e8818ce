import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { CanBus, CanFrame } from "#domain/can-frame.ts";
import { CarportError, toCarportError } from "#domain/error.ts";
import { interfaceProblem } from "./can-interface.ts";
import { unpackFrames } from "./packed-frames.ts";
import type { FromThread, SocketCanCounters, ThreadData, ToThread } from "./socketcan-messages.ts";

export interface SocketCanOptions {
  /** `can0`: a network interface that is up. */
  readonly interface: string;
  /** Whether frames may be sent. Without it the bus has no `send`. */
  readonly send: boolean;
}

/**
 * An interface of SocketCAN. `counters.dropped` are the frames that the socket, the adapter or its driver lost, as far
 * as the kernel tells, and those that found no room here. `frames` throws CAN_INTERFACE_DOWN within two seconds of
 * silence after the interface was taken down, and CAN_INTERFACE_LOST when it is gone.
 */
export interface SocketCanBus extends CanBus {
  readonly counters: SocketCanCounters;
}

/** Linux gives interfaces no longer names (IFNAMSIZ), and they become part of a path. */
const NAME = /^(?!\.{1,2}$)[^\s/]{1,15}$/;
/** A Pi with a slow card takes a second. */
const OPENING_LIMIT_MS = 30_000;
const CLOSING_LIMIT_MS = 2000;

/**
 * Opens an interface, in a thread of its own.
 *
 * @throws CarportError CAN_MODULE_MISSING, CAN_NOT_SUPPORTED, CAN_INTERFACE_MISSING, CAN_INTERFACE_NOT_CAN,
 * CAN_INTERFACE_DOWN, CAN_INTERFACE_REFUSED
 */
export async function openSocketCan(options: SocketCanOptions): Promise<SocketCanBus> {
  const name = options.interface;
  if (!NAME.test(name)) throw new CarportError("CAN_INTERFACE_MISSING", name);
  const data: ThreadData = { interfaceName: name, attention: sharedCell(), ended: sharedCell() };
  const thread = new Worker(threadFile(), { name: `can ${name}`, workerData: data });
  const first = await firstMessage(thread, name);
  if (first.type === "failed") {
    const code = first.what === "module" ? "CAN_MODULE_MISSING" : (interfaceProblem(name) ?? "CAN_INTERFACE_REFUSED");
    throw new CarportError(code, name, { cause: first.reason });
  }
  const bus = new SocketCan(options, thread, data);
  // A socket can be bound to an interface that is down; it would just stay silent.
  const problem = interfaceProblem(name);
  if (problem === undefined) return bus;
  await bus.close();
  throw new CarportError(problem, name);
}

async function firstMessage(thread: Worker, name: string): Promise<FromThread> {
  try {
    const [message] = await once(thread, "message", { signal: AbortSignal.timeout(OPENING_LIMIT_MS) });
    return message;
  } catch (error) {
    thread.unref();
    throw toCarportError(error, name);
  }
}

const sharedCell = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4));

/** Beside this file, as source or as it was bundled. */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "socketcan-thread.ts" : "socketcan-thread.mjs", import.meta.url);
}

class SocketCan implements SocketCanBus {
  readonly name: string;
  readonly frames: AsyncIterable<readonly CanFrame[]>;
  readonly send?: NonNullable<CanBus["send"]>;
  counters: SocketCanCounters = { received: 0, dropped: 0, errorFrames: 0, busOff: 0, notSent: 0 };
  readonly #thread: Worker;
  readonly #data: ThreadData;
  readonly #gone: Promise<unknown>;
  #closed = false;
  #fault: CarportError | undefined;
  #waiting: ((packed: ArrayBuffer | undefined) => void) | undefined;

  constructor({ interface: name, send }: SocketCanOptions, thread: Worker, data: ThreadData) {
    this.name = name;
    this.#thread = thread;
    this.#data = data;
    this.#gone = new Promise((resolve) => {
      thread.once("exit", resolve);
    });
    this.frames = this.#receive();
    if (send) {
      this.send = ({ id, extended, data: bytes }) => {
        this.#tell({ type: "send", id, extended, data: bytes });
        Atomics.notify(data.attention, 0);
      };
    }
    thread.on("message", (message: FromThread) => this.#hear(message));
    thread.on("error", (error) => this.#fail(toCarportError(error, name)));
    thread.once("exit", () => process.off("exit", this.#exit));
    process.once("exit", this.#exit);
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#thread.postMessage({ type: "close" } satisfies ToThread);
      this.#waiting?.(undefined);
    }
    await Promise.race([this.#gone, sleep(CLOSING_LIMIT_MS, undefined, { ref: false })]);
    this.#thread.unref();
  }

  async *#receive(): AsyncGenerator<readonly CanFrame[]> {
    try {
      while (!this.#closed) {
        const packed = await this.#next();
        if (packed !== undefined) yield unpackFrames(packed, this.name);
        else if (this.#fault !== undefined) throw this.#fault;
      }
    } finally {
      await this.close();
    }
  }

  #next(): Promise<ArrayBuffer | undefined> {
    if (this.#fault !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#tell({ type: "more" });
    });
  }

  #hear(message: FromThread): void {
    switch (message.type) {
      case "frames":
        this.counters = message.counters;
        this.#waiting?.(message.packed);
        this.#waiting = undefined;
        break;
      case "counters":
        this.counters = message.counters;
        break;
      case "lost":
        this.#fail(new CarportError(message.how === "down" ? "CAN_INTERFACE_DOWN" : "CAN_INTERFACE_LOST", this.name));
        break;
      case "open":
      case "failed":
        break;
    }
  }

  #fail(fault: CarportError): void {
    this.#fault ??= fault;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }

  #tell(message: ToThread): void {
    if (!this.#closed) this.#thread.postMessage(message);
  }

  /** The module brings the process down when a thread is ended under it: it is stopped before. */
  readonly #exit = (): void => {
    this.#thread.postMessage({ type: "close" } satisfies ToThread);
    Atomics.wait(this.#data.ended, 0, 0, CLOSING_LIMIT_MS);
  };
}
