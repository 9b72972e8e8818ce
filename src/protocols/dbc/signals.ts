import type { Signal } from "#domain/signal.ts";
import { deviceClassOf, unitOf } from "#domain/units.ts";
import { nameSignals, type SignalNaming } from "./naming.ts";
import { type DbcNetwork, type DbcSignal, dbcEntries } from "./network.ts";
import { readingOf } from "./reading.ts";

/** Above this a double, and with it a stored raw value, is no longer exact. */
const EXACT_BITS = 53;
/** Of a millionth of a degree, on the map. */
const MAX_DECIMALS = 6;
const FLOAT_DECIMALS = 3;
/** Nobody chose these signals for a dashboard: whoever switches one on gets it calmly. */
const REPORT = { deadBand: 0, minIntervalMs: 5_000 };

/**
 * The signals of any car, as far as its DBC file tells: in the order of the decoder's index, all switched off until the
 * owner wants them.
 */
export function dbcSignals(network: DbcNetwork): readonly Signal[] {
  const namings = nameSignals(network);
  return dbcEntries(network).flatMap(({ signal }, index) => {
    const naming = namings[index];
    return naming === undefined ? [] : describe(signal, naming);
  });
}

function describe(signal: DbcSignal, { key, name }: SignalNaming): Signal {
  const base = { key, name, group: "diagnostic", subject: "vehicle", report: REPORT } as const;
  const reading = readingOf(signal);
  switch (reading.type) {
    case "boolean":
      return { ...base, type: "boolean", presentation: { enabled: false } };
    case "enum":
      return { ...base, type: "enum", states: Object.fromEntries(reading.states), presentation: { enabled: false } };
    case "number": {
      const { factor, offset, float, length } = signal;
      const unit = unitOf(signal.unit);
      const deviceClass = unit === undefined ? undefined : deviceClassOf(unit);
      return {
        ...base,
        type: "number",
        ...(unit !== undefined && { unit }),
        precision: float ? FLOAT_DECIMALS : Math.max(decimals(factor), Math.min(decimals(offset), 1)),
        ...(!float && factor !== 0 && length <= EXACT_BITS && { quantum: { scale: factor, offset } }),
        presentation: { ...(deviceClass !== undefined && { deviceClass }), stateClass: "measurement", enabled: false },
      };
    }
    default:
      return reading.type satisfies never;
  }
}

/** 0.05 → 2, 10 → 0, 0.25 → 2; of a long one as many as tell two steps apart: 0.048828125 → 2. */
function decimals(step: number): number {
  for (let count = 0; count <= 3; count++) {
    if (Math.abs(step - Number(step.toFixed(count))) < 1e-9) return count;
  }
  return Math.min(Math.max(Math.ceil(-Math.log10(Math.abs(step))), 0), MAX_DECIMALS);
}
