import { describe } from "vitest";
import { type RealPart, whyMissing } from "./real-part.ts";

/** A `describe` that needs real parts. Where one is missing its tests are skipped, and its name says why. */
export function describeWith(parts: readonly RealPart[], name: string, tests: () => void): void {
  const reasons = parts.map(whyMissing).filter((reason) => reason !== undefined);
  if (reasons.length === 0) describe(name, tests);
  else describe.skip(`${name} (${reasons.join("; ")})`, tests);
}
