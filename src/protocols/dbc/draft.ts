import type { BitField } from "../can/bits.ts";

/** A signal as its statements tell it, before names are replaced and selectors found. */
export interface SignalDraft extends BitField {
  /** Where its `SG_` stands in the text. */
  readonly place: number;
  readonly name: string;
  /** `M`: the values of the others' `mN` are its own. */
  readonly multiplexor: boolean;
  readonly factor: number;
  readonly offset: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  readonly receivers: readonly string[];
  longName?: string;
  comment?: string;
  states: ReadonlyMap<number, string>;
  /** Bits that `SIG_VALTYPE_` demands of a float. */
  floatBits?: 32 | 64;
  /** From `SG_MUL_VAL_`; without it `mN` means the message's only `M`. */
  selector?: string;
  ranges: (readonly [number, number])[];
}

export interface MessageDraft {
  /** Where its `BO_` stands in the text. */
  readonly place: number;
  readonly id: number;
  readonly extended: boolean;
  readonly name: string;
  readonly length: number;
  readonly sender: string;
  readonly signals: SignalDraft[];
  readonly byName: Map<string, SignalDraft[]>;
  longName?: string;
  comment?: string;
  cycleTime?: number;
}

/** What has been read so far. */
export class Draft {
  /** By DBC id, bit 31 set for every extended one. */
  readonly messages = new Map<number, MessageDraft>();
  /** Ids of messages that are left out on purpose: what is said of them is nobody's mistake. */
  readonly ignored = new Set<number>();
  readonly valueTables = new Map<string, ReadonlyMap<number, string>>();
  readonly warnings: { readonly place: number; readonly text: string }[] = [];
  /** The message that the next `SG_` belongs to. */
  current: MessageDraft | undefined;
  /** `BA_DEF_DEF_` of `GenMsgCycleTime`. */
  defaultCycleTime = 0;
  signalCount = 0;

  warn(place: number, text: string): void {
    this.warnings.push({ place, text });
  }

  /** Undefined, and a warning, where the file has no such message. */
  message(place: number, id: number): MessageDraft | undefined {
    const found = this.messages.get(id);
    if (found === undefined && !this.ignored.has(id)) this.warn(place, `skipped: there is no message ${id}`);
    return found;
  }

  /** Empty, and a warning, where the file has no such signal; more than one where a message uses a name twice. */
  signals(place: number, id: number, name: string): readonly SignalDraft[] {
    const message = this.message(place, id);
    const found = message?.byName.get(name) ?? [];
    if (message !== undefined && found.length === 0) {
      this.warn(place, `skipped: message ${message.name} has no signal ${name}`);
    }
    return found;
  }
}
