import type { SignalKey } from "./ids.ts";

/** How Home Assistant should present a signal. Names are Home Assistant's own. */
export interface Presentation {
  readonly deviceClass?: string;
  readonly stateClass?: "measurement" | "total" | "total_increasing";
  readonly entityCategory?: "diagnostic";
  readonly icon?: string;
  /** 12–20 per vehicle are worth a place on a dashboard; the rest waits, switched off, in the registry. */
  readonly enabled: boolean;
}

/** What keeps Home Assistant's recorder calm; the store still gets every sample. */
export interface ReportRule {
  /** Smallest change worth a message, in the signal's unit. 0: every change. */
  readonly deadBand: number;
  /** At most one message in this time; the last value in it is sent at its end. */
  readonly minIntervalMs: number;
}

interface SignalBase {
  readonly key: SignalKey;
  /** English, the property only, as Home Assistant wants entity names: "Pack voltage". */
  readonly name: string;
  /** Heading the signal stands under in the UI. */
  readonly group: SignalGroup;
  /** Does it describe the vehicle, or the device that reads it (frames received, bus load)? */
  readonly subject: "vehicle" | "device";
  readonly presentation: Presentation;
  readonly report: ReportRule;
}

export type SignalGroup = "drive" | "battery" | "charge" | "climate" | "body" | "12v" | "diagnostic";

/** A quantity. Units are SI-derived and fixed; current and power into the battery are positive. */
export interface NumberSignal extends SignalBase {
  readonly type: "number";
  readonly unit?: string;
  /** Decimals worth showing. */
  readonly precision: number;
  /** `value = raw * scale + offset` with an integer raw, where the source is quantised: the store keeps raw. */
  readonly quantum?: { readonly scale: number; readonly offset: number };
}

/** Sample value 0 or 1. */
export interface BooleanSignal extends SignalBase {
  readonly type: "boolean";
}

/** Sample value is the code; `states` names it. A code without a name is unknown, never a guess. */
export interface EnumSignal extends SignalBase {
  readonly type: "enum";
  readonly states: Readonly<Record<number, string>>;
}

export type Signal = NumberSignal | BooleanSignal | EnumSignal;
