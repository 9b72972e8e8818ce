/** Twelve-volt batteries by what decides their resting voltage. */
export const chemistries = ["flooded", "agm", "gel", "lifepo4"] as const;
export type Chemistry = (typeof chemistries)[number];

interface Curve {
  /** [resting V at 25 °C, state of charge %], rising. */
  readonly points: readonly (readonly [number, number])[];
  /** V above which something charges the battery; no battery of the kind rests there. */
  readonly charging: number;
}

// Resting voltages as battery makers print them; they differ by ±0.05 V among makers.
const curves: Readonly<Record<Chemistry, Curve>> = {
  flooded: {
    points: [
      [11.8, 0],
      [12.0, 25],
      [12.24, 50],
      [12.45, 75],
      [12.7, 100],
    ],
    charging: 13.1,
  },
  agm: {
    points: [
      [11.8, 0],
      [12.05, 25],
      [12.3, 50],
      [12.55, 75],
      [12.85, 100],
    ],
    charging: 13.2,
  },
  gel: {
    points: [
      [11.8, 0],
      [12.0, 25],
      [12.35, 50],
      [12.65, 75],
      [12.85, 100],
    ],
    charging: 13.2,
  },
  lifepo4: {
    points: [
      [10.0, 0],
      [12.0, 9],
      [12.8, 17],
      [12.9, 20],
      [13.0, 30],
      [13.1, 40],
      [13.2, 70],
      [13.3, 90],
      [13.4, 100],
    ],
    charging: 13.6,
  },
};

export const chargingVoltage = (chemistry: Chemistry): number => curves[chemistry].charging;

/**
 * State of charge in % from a resting voltage, linear between the maker's points, 0–100.
 * Right only at rest: under load or charge it means nothing.
 */
export function stateOfCharge(chemistry: Chemistry, restingVoltage: number): number {
  const { points } = curves[chemistry];
  let [lowVolts, lowCharge] = points[0] ?? [0, 0];
  for (const [volts, charge] of points) {
    if (restingVoltage <= volts) {
      if (volts === lowVolts) return charge;
      return lowCharge + ((restingVoltage - lowVolts) / (volts - lowVolts)) * (charge - lowCharge);
    }
    lowVolts = volts;
    lowCharge = charge;
  }
  return lowCharge;
}
