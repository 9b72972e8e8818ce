import type { SignalRegister } from "../can/signal-register.ts";
import { IsoTpReceiver } from "../isotp/receiver.ts";
import { type CompiledField, compileFields } from "./compile.ts";
import { type EcuName, ecuNames, ecus } from "./reads.ts";
import { type LeafReply, replies } from "./replies.ts";

interface CompiledReply extends Pick<LeafReply, "ecu" | "prefix" | "lengths"> {
  readonly fields: readonly CompiledField[];
}

const NOTHING: readonly CompiledField[] = [];

/** Hears the replies to diagnostic reads, whoever asked: Carport, or a tester such as LeafSpy. */
export class DiagnosticListener {
  readonly #replies: readonly CompiledReply[];
  readonly #receivers = new Map<number, { readonly ecu: EcuName; readonly receiver: IsoTpReceiver }>();
  #reply: Uint8Array = new Uint8Array(0);

  constructor(register: SignalRegister) {
    this.#replies = replies.map((reply) => ({ ...reply, fields: compileFields(reply.fields, undefined, register) }));
    for (const ecu of ecuNames) this.#receivers.set(ecus[ecu].reply, { ecu, receiver: new IsoTpReceiver() });
  }

  /** Data of the newest reply, after its prefix. */
  get reply(): Uint8Array {
    return this.#reply;
  }

  get dropped(): number {
    let dropped = 0;
    for (const { receiver } of this.#receivers.values()) dropped += receiver.counters.dropped;
    return dropped;
  }

  /** What to read from `reply` now; nothing while a reply is incomplete or not understood, undefined for any other id. */
  accept(id: number, data: Uint8Array, time: number): readonly CompiledField[] | undefined {
    const source = this.#receivers.get(id);
    if (source === undefined) return undefined;
    const message = source.receiver.accept(data, time);
    if (message === undefined) return NOTHING;
    const known = this.#replies.find(
      ({ ecu, prefix, lengths }) =>
        ecu === source.ecu && lengths.includes(message.length) && prefix.every((byte, at) => message[at] === byte),
    );
    if (known === undefined) return NOTHING;
    this.#reply = message.subarray(known.prefix.length);
    return known.fields;
  }
}
