import type { BitField } from "../can/bits.ts";

/** What a DBC file says of a CAN network, with its loose ends tied: no selector is missing and none selects itself. */
export interface DbcNetwork {
  readonly messages: readonly DbcMessage[];
}

export interface DbcMessage {
  /** 11 or 29 bits, without the DBC's bit 31. */
  readonly id: number;
  readonly extended: boolean;
  /** `SystemMessageLongSymbol` where the file has one, else the name in `BO_`. */
  readonly name: string;
  /** Bytes; up to 64 with CAN FD. */
  readonly length: number;
  readonly sender: string;
  readonly comment: string | undefined;
  /** `GenMsgCycleTime` in ms; undefined when it is not sent cyclically. */
  readonly cycleTime: number | undefined;
  readonly signals: readonly DbcSignal[];
}

/** Physical value = raw × factor + offset. The field's start bit, length and byte order are as in the file. */
export interface DbcSignal extends BitField {
  /** `SystemSignalLongSymbol` where the file has one, else the name in `SG_`. */
  readonly name: string;
  /** IEEE 754, 32 or 64 bits; `signed` then means nothing. */
  readonly float: boolean;
  readonly factor: number;
  readonly offset: number;
  /** Physical; undefined where the file says `[0|0]`. */
  readonly range: { readonly minimum: number; readonly maximum: number } | undefined;
  readonly unit: string;
  readonly receivers: readonly string[];
  readonly comment: string | undefined;
  /** Raw value → text (`VAL_`); empty when it has none. */
  readonly states: ReadonlyMap<number, string>;
  /** Present only while `selector`, a signal of the same message, has a raw value in one of the ranges. */
  readonly selection: DbcSelection | undefined;
}

export interface DbcSelection {
  readonly selector: DbcSignal;
  /** Both ends included. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** A signal and the message that carries it. */
export interface DbcEntry {
  readonly message: DbcMessage;
  readonly signal: DbcSignal;
}

/** All signals in the order of the file: their place in it is the index that the decoder writes. */
export function dbcEntries(network: DbcNetwork): readonly DbcEntry[] {
  return network.messages.flatMap((message) => message.signals.map((signal) => ({ message, signal })));
}
