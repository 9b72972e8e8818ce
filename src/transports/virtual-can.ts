import type { CanBus, CanCounters, CanFrame } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import { FrameQueue } from "./frame-queue.ts";

export interface VirtualCanOptions {
  readonly clock: Clock;
  /** Whether this node may send. */
  readonly send: boolean;
  /** How many frames may wait for this node before more are dropped. */
  readonly capacity?: number;
}

/** The wires there are, by name, as long as anything is attached to them. */
const wires = new Map<string, Set<VirtualNode>>();

/** Attaches to a wire within this process, as vcan is one within the kernel: what one node sends, all others receive. */
export function openVirtualCan(name: string, options: VirtualCanOptions): CanBus {
  const wire = wires.get(name) ?? new Set();
  wires.set(name, wire);
  const node = new VirtualNode(name, wire, options);
  wire.add(node);
  return node;
}

class VirtualNode implements CanBus {
  readonly name: string;
  readonly frames: AsyncIterable<readonly CanFrame[]>;
  readonly send?: NonNullable<CanBus["send"]>;
  readonly #wire: Set<VirtualNode>;
  readonly #queue: FrameQueue;

  constructor(name: string, wire: Set<VirtualNode>, { clock, send, capacity = 65_536 }: VirtualCanOptions) {
    this.name = name;
    this.#wire = wire;
    this.#queue = new FrameQueue(capacity);
    this.frames = this.#queue.batches();
    if (send) this.send = (frame) => this.#send(frame, clock.now());
  }

  get counters(): CanCounters {
    return { received: this.#queue.received, dropped: this.#queue.dropped, errorFrames: 0 };
  }

  async close(): Promise<void> {
    this.#wire.delete(this);
    if (this.#wire.size === 0 && wires.get(this.name) === this.#wire) wires.delete(this.name);
    this.#queue.close();
  }

  #send({ id, extended, data }: Pick<CanFrame, "id" | "extended" | "data">, time: number): void {
    if (!this.#wire.has(this)) return;
    const frame: CanFrame = {
      time,
      id,
      extended,
      type: "data",
      fd: data.length > 8,
      direction: "rx",
      channel: this.name,
      // The sender may use its bytes again.
      data: data.slice(),
      length: data.length,
    };
    for (const node of this.#wire) if (node !== this) node.#queue.push(frame);
  }
}
