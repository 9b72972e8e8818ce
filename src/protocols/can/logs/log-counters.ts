import type { CanLogCounters } from "#domain/can-log.ts";

/** Counts what a reader understood and what not. */
export class LogCounters implements CanLogCounters {
  frames = 0;
  discarded = 0;
  firstProblem: CanLogCounters["firstProblem"] = undefined;

  discard(unit: "line" | "byte", position: number, reason: string): void {
    this.discarded++;
    this.firstProblem ??= { where: `${unit} ${position}`, reason };
  }
}
