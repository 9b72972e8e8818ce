/**
 * The thread that reads one CAN socket. A socket holds some 60 ms of a busy bus; whatever keeps the program's main
 * thread for longer (collecting garbage, compressing, a slow disk) would cost frames if it read the socket itself.
 */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { CanFrame } from "#domain/can-frame.ts";
import { isUp } from "./can-interface.ts";
import { LossMeter } from "./can-losses.ts";
import { FramePacker } from "./packed-frames.ts";
import type { FromThread, SocketCanCounters, ThreadData, ToThread } from "./socketcan-messages.ts";

/** What is used of the module `socketcan`, whose own types refer to a file it does not ship. */
interface RawChannel {
  addListener(event: "onMessage", listener: (message: RawMessage) => void): void;
  addListener(event: "onStopped", listener: () => void): void;
  start(): void;
  /** Waits for the module's own thread: up to 100 ms. */
  stop(): void;
  /** Bytes sent, -1 when there was no room. */
  send(message: SentMessage): number;
  sendFD(message: SentMessage): number;
}
interface SentMessage {
  readonly id: number;
  readonly ext: boolean;
  readonly rtr: boolean;
  readonly data: Buffer;
}
interface RawMessage {
  readonly id: number;
  readonly ext?: boolean;
  readonly rtr?: boolean;
  readonly err?: boolean;
  /** Of a remote frame: as many bytes as it asks for. */
  readonly data: Buffer;
  readonly ts_sec?: number;
  readonly ts_usec?: number;
}

/** 4 MB: 175,000 classical frames, 19 s of two buses that are full. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/**
 * By itself the module wakes for every frame, which takes 36 % of a core for two full buses; left alone for so long, it
 * fetches dozens at once and takes 10 %. A quarter of what a socket holds, and no more than the module fetches at once.
 */
const REST_MS = 16;
/** What the module fetches at once; after as many, there may be more. */
const MODULE_BATCH = 100;
const LOOK_MS = 1000;
/** CAN_ERR_BUSOFF of linux/can/error.h. */
const BUS_OFF = 0x40;

const { interfaceName, attention, ended }: ThreadData = workerData;
const port = parentPort;
const post = (message: FromThread, moved: ArrayBuffer[] = []): void => port?.postMessage(message, moved);

class SocketReader {
  readonly #channel: RawChannel;
  readonly #packer = new FramePacker(MOST_WAITING_BYTES);
  readonly #losses = new LossMeter(interfaceName);
  #looking: NodeJS.Timeout | undefined;
  #stopped = false;
  /** The other side waits for frames. */
  #asked = false;
  #turnPlanned = false;
  #inThisTurn = 0;
  #sinceLook = 0;
  #received = 0;
  #overflowed = 0;
  #errorFrames = 0;
  #busOff = 0;
  #sent = 0;
  #notSent = 0;

  constructor(channel: RawChannel) {
    this.#channel = channel;
  }

  start(): void {
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#channel.addListener("onMessage", (message) => this.#take(message));
    this.#channel.addListener("onStopped", () => {
      if (!this.#stopped) post({ type: "lost", how: "gone" });
      this.#stopped = true;
    });
    this.#channel.start();
  }

  more(): void {
    this.#asked = true;
    this.#deliver();
  }

  send(id: number, extended: boolean, data: Uint8Array): void {
    if (this.#stopped) return;
    const message = { id, ext: extended, rtr: false, data: Buffer.from(data) };
    try {
      const bytes = data.length > 8 ? this.#channel.sendFD(message) : this.#channel.send(message);
      if (bytes < 0) this.#notSent++;
      else this.#sent++;
    } catch {
      // More bytes than a frame can have.
      this.#notSent++;
    }
  }

  close(): void {
    clearInterval(this.#looking);
    if (this.#stopped) return;
    this.#stopped = true;
    this.#channel.stop();
  }

  get #counters(): SocketCanCounters {
    return {
      received: this.#received,
      dropped: this.#losses.total + this.#overflowed,
      errorFrames: this.#errorFrames,
      busOff: this.#busOff,
      notSent: this.#notSent,
    };
  }

  #take(message: RawMessage): void {
    const { id, ext, rtr, err, data } = message;
    // The kernel begins to note times when the first one is asked for: until then, now is as near as it gets.
    const time =
      message.ts_sec === undefined ? Date.now() : ((message.ts_sec >>> 0) * 1e6 + (message.ts_usec ?? 0)) / 1000;
    const type: CanFrame["type"] = err === true ? "error" : rtr === true ? "remote" : "data";
    if (type === "error") {
      this.#errorFrames++;
      if ((id & BUS_OFF) !== 0) this.#busOff++;
    } else this.#received++;
    // An FD frame of up to eight bytes cannot be told from a classical one: the module does not say.
    if (!this.#packer.add(time, id, ext === true, type, data.length > 8, data)) this.#overflowed++;
    this.#inThisTurn++;
    if (this.#turnPlanned) return;
    this.#turnPlanned = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnPlanned = false;
    this.#deliver();
    const fetchedAll = this.#inThisTurn <= MODULE_BATCH;
    this.#sinceLook += this.#inThisTurn;
    this.#inThisTurn = 0;
    if (!fetchedAll) return;
    this.#losses.settle(this.#received, this.#sent);
    Atomics.wait(attention, 0, 0, REST_MS);
  }

  #deliver(): void {
    if (!this.#asked || this.#packer.isEmpty) return;
    this.#asked = false;
    const packed = this.#packer.take();
    post({ type: "frames", packed, counters: this.#counters }, [packed]);
  }

  /** Nothing tells that an interface was taken down: a silent one is looked at. */
  #look(): void {
    if (this.#sinceLook === 0 && !this.#stopped && !isUp(interfaceName)) post({ type: "lost", how: "down" });
    if (this.#sinceLook === 0 && this.#losses.settle(this.#received, this.#sent)) {
      post({ type: "counters", counters: this.#counters });
    }
    this.#sinceLook = 0;
    this.#losses.look();
  }
}

/** Where that is allowed (root, CAP_SYS_NICE), this thread and the module's own, which it starts, run before others. */
function goFirst(): void {
  try {
    const thread = readlinkSync("/proc/thread-self").split("/").at(-1);
    setPriority(Number(thread), -10);
  } catch {
    // A machine with time to spare needs no order.
  }
}

async function open(): Promise<SocketReader | undefined> {
  let createRawChannel: (name: string, options: object) => RawChannel;
  try {
    // Once bundled, a CommonJS module has nothing but its default export.
    createRawChannel = (await import("socketcan")).default.createRawChannelWithOptions;
  } catch (error) {
    post({ type: "failed", what: "module", reason: String(error) });
    return undefined;
  }
  try {
    const reader = new SocketReader(createRawChannel(interfaceName, { timestamps: true, non_block_send: true }));
    reader.start();
    post({ type: "open" });
    return reader;
  } catch (error) {
    post({ type: "failed", what: "socket", reason: String(error) });
    return undefined;
  }
}

goFirst();
const reader = await open();
if (reader === undefined) port?.close();
port?.on("message", (message: ToThread) => {
  switch (message.type) {
    case "more":
      reader?.more();
      break;
    case "send":
      reader?.send(message.id, message.extended, message.data);
      break;
    case "close":
      reader?.close();
      port?.close();
      // Two turns of the loop later the module's handles are closed, and the thread may be ended from outside.
      setImmediate(() =>
        setImmediate(() => {
          Atomics.store(ended, 0, 1);
          Atomics.notify(ended, 0);
        }),
      );
      break;
  }
});
