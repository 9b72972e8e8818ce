import { type Chemistry, stateOfCharge } from "#domain/battery-chemistry.ts";

export type StartVerdict = "yes" | "probably" | "doubtful" | "no";

// What a lead-acid battery can give and what an engine asks for in the cold, relative to 27 °C (Battery Council
// International's chart as garages print it). Lithium keeps its power better but may refuse below −20 °C.
const offered: readonly (readonly [number, number])[] = [
  [-30, 0.28],
  [-18, 0.4],
  [0, 0.65],
  [27, 1],
];
const offeredByLithium: readonly (readonly [number, number])[] = [
  [-30, 0],
  [-20, 0.35],
  [-10, 0.6],
  [0, 0.8],
  [27, 1],
];
const asked: readonly (readonly [number, number])[] = [
  [-30, 3.5],
  [-18, 2.1],
  [0, 1.55],
  [27, 1],
];

/** A battery chosen by its maker's list starts the engine at −18 °C when three quarters full. */
const SIZED_FOR = (0.75 * 0.4) / 2.1;
/** A starter that pulled the battery below this when it was warm has a weak battery to live with (V). */
const WEAK_CRANK = 9.6;
const WEAKENED = 0.7;

/**
 * Whether the engine will start.
 * @param restingVoltage V
 * @param temperature °C expected at the start
 * @param crankVoltage lowest V while last cranking, if known
 */
export function willItStart(
  chemistry: Chemistry,
  restingVoltage: number,
  temperature: number,
  crankVoltage?: number,
): StartVerdict {
  const power = between(chemistry === "lifepo4" ? offeredByLithium : offered, temperature);
  const health = crankVoltage !== undefined && crankVoltage < WEAK_CRANK ? WEAKENED : 1;
  const reserve =
    ((stateOfCharge(chemistry, restingVoltage) / 100) * power * health) / between(asked, temperature) / SIZED_FOR;
  if (reserve >= 1.2) return "yes";
  if (reserve >= 1) return "probably";
  return reserve >= 0.75 ? "doubtful" : "no";
}

/** Linear between points, constant beyond them. */
function between(points: readonly (readonly [number, number])[], x: number): number {
  let before = points[0] ?? [0, 0];
  for (const point of points) {
    if (x <= point[0])
      return point === before
        ? point[1]
        : before[1] + ((x - before[0]) / (point[0] - before[0])) * (point[1] - before[1]);
    before = point;
  }
  return before[1];
}
