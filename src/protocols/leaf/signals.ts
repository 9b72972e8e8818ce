import { signalKey } from "#domain/ids.ts";
import type {
  BooleanSignal,
  EnumSignal,
  NumberSignal,
  Presentation,
  ReportRule,
  Signal,
  SignalGroup,
} from "#domain/signal.ts";
import { deviceClassOf } from "#domain/units.ts";

/** Shown on a dashboard at once, and how calmly: smallest change in the unit, and seconds between two messages. */
export function shown(deadBand: number, seconds: number): { enabled: true; report: ReportRule } {
  return { enabled: true, report: { deadBand, minIntervalMs: seconds * 1000 } };
}

interface Options {
  readonly enabled?: true;
  readonly report?: ReportRule;
  readonly deviceClass?: string;
  readonly icon?: string;
  readonly diagnostic?: true;
}

interface QuantityOptions extends Options {
  readonly stateClass?: Presentation["stateClass"];
  readonly offset?: number;
  readonly precision?: number;
}

/** What waits, switched off, in the registry is no dashboard matter: every change, but not more often than this. */
const quiet: ReportRule = { deadBand: 0, minIntervalMs: 10_000 };

function presentation(options: QuantityOptions): Presentation {
  const { deviceClass, stateClass, icon, enabled = false, diagnostic } = options;
  return {
    ...(deviceClass !== undefined && { deviceClass }),
    ...(stateClass && { stateClass }),
    ...(diagnostic && { entityCategory: "diagnostic" as const }),
    ...(icon !== undefined && { icon }),
    enabled,
  };
}

function base(key: string, name: string, group: SignalGroup, options: QuantityOptions): Omit<Signal, "type"> {
  return {
    key: signalKey(key),
    name,
    group,
    subject: "vehicle",
    presentation: presentation(options),
    report: options.report ?? quiet,
  };
}

/** A number in steps of `scale`. Home Assistant's device class follows from the unit. */
export function quantity(
  key: string,
  name: string,
  group: SignalGroup,
  unit: string,
  scale: number,
  options: QuantityOptions = {},
): NumberSignal {
  const deviceClass = options.deviceClass ?? deviceClassOf(unit);
  return {
    ...base(key, name, group, { stateClass: "measurement", ...options, ...(deviceClass && { deviceClass }) }),
    type: "number",
    ...(unit !== "" && { unit }),
    precision: options.precision ?? decimals(scale),
    quantum: { scale, offset: options.offset ?? 0 },
  };
}

function decimals(scale: number): number {
  return Math.max(0, Math.min(3, Math.ceil(-Math.log10(Math.abs(scale)))));
}

export function flag(key: string, name: string, group: SignalGroup, options: Options = {}): BooleanSignal {
  return { ...base(key, name, group, options), type: "boolean" };
}

export function choice(
  key: string,
  name: string,
  group: SignalGroup,
  states: Readonly<Record<number, string>>,
  options: Options = {},
): EnumSignal {
  return { ...base(key, name, group, options), type: "enum", states };
}

/** Bits whose meaning or scale is disputed or has one source only: as they come, for who wants to find out. */
export function unverified(key: string, name: string): NumberSignal {
  return quantity(key, `${name} (unverified)`, "diagnostic", "", 1, { diagnostic: true });
}

/** A counter or code inside the car whose number is known to be right, but of no use to most. */
export function internal(key: string, name: string): NumberSignal {
  return quantity(key, name, "diagnostic", "", 1, { diagnostic: true });
}
