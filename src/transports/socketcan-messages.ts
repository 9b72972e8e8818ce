import type { CanCounters } from "#domain/can-frame.ts";

/** What the thread that reads a CAN socket and the one that opened it say to each other. */

export interface SocketCanCounters extends CanCounters {
  /** How often the controller went off the bus because of its errors. */
  readonly busOff: number;
  /** Frames that could not be sent: the interface's queue was full, it was down, or it has no CAN FD. */
  readonly notSent: number;
}

export interface ThreadData {
  readonly interfaceName: string;
  /** A cell of shared memory to notify when a message cannot wait until the thread looks for some by itself. */
  readonly attention: Int32Array<SharedArrayBuffer>;
  /** Another one: 1 once nothing speaks against the end of the thread. */
  readonly ended: Int32Array<SharedArrayBuffer>;
}

export type ToThread =
  /** Answer with frames as soon as there are some: at most one batch is under way. */
  | { readonly type: "more" }
  | { readonly type: "send"; readonly id: number; readonly extended: boolean; readonly data: Uint8Array }
  | { readonly type: "close" };

export type FromThread =
  | { readonly type: "open" }
  | { readonly type: "failed"; readonly what: "module" | "socket"; readonly reason: string }
  | { readonly type: "frames"; readonly packed: ArrayBuffer; readonly counters: SocketCanCounters }
  | { readonly type: "counters"; readonly counters: SocketCanCounters }
  | { readonly type: "lost"; readonly how: "down" | "gone" };
