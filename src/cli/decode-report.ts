import type { CanLogCounters, CanLogTimeBase } from "#domain/can-log.ts";
import type { SignalStatistics } from "./decode-statistics.ts";
import { numberText, timeText } from "./decode-values.ts";

/** What was found in a recording as a whole. */
export interface RecordingSummary {
  readonly file: string;
  readonly dialect: string;
  readonly timeBase: CanLogTimeBase;
  readonly counters: CanLogCounters;
  /** Earliest and latest time of a frame, in ms. */
  readonly from: number;
  readonly to: number;
  /** `Leaf ZE0 (2011–12)`, the name of the DBC file; undefined when no Leaf could be told from the frames. */
  readonly decodedAs: string | undefined;
  /** What the decoder counted. */
  readonly decoder: Readonly<Record<string, number>>;
}

/** One object with everything, for programs. */
export function statisticsJson(summary: RecordingSummary, statistics: readonly SignalStatistics[]): string {
  const { file, dialect, timeBase, counters, from, to, decodedAs, decoder } = summary;
  const signals = statistics.map(({ signal, frames, count, unavailable, values }) => {
    const unit = signal.type === "number" ? (signal.unit ?? null) : null;
    const none = { first: null, last: null, min: null, max: null, mean: null };
    return [signal.key, { name: signal.name, frames, unit, count, unavailable, ...(values ?? none) }];
  });
  const recording = {
    ...{ file, dialect, timeBase, frames: counters.frames, discarded: counters.discarded },
    firstProblem: counters.firstProblem ?? null,
    ...{ from: timeText(from, timeBase), to: timeText(to, timeBase), seconds: Number(((to - from) / 1000).toFixed(6)) },
    ...{ decodedAs: decodedAs ?? null, decoder },
  };
  return `${JSON.stringify({ ...recording, signals: Object.fromEntries(signals) }, undefined, 2)}\n`;
}

const HEAD = ["frame", "signal", "unit", "count", "unavailable", "first", "last", "min", "max", "mean"] as const;
const LEFT = 3;

/** A table, for people. */
export function statisticsTable(summary: RecordingSummary, statistics: readonly SignalStatistics[]): string {
  const rows = statistics.map(({ signal, frames, count, unavailable, values }) => [
    ...[frames.join(" "), signal.key, (signal.type === "number" ? signal.unit : undefined) ?? ""],
    ...[String(count), String(unavailable)],
    ...(values === undefined
      ? ["", "", "", "", ""]
      : [values.first, values.last, values.min, values.max, values.mean].map(numberText)),
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column < LEFT ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return `${summaryText(summary)}\n\n${[HEAD, ...rows].map(line).join("\n")}\n`;
}

function summaryText({ file, dialect, timeBase, counters, from, to, decodedAs }: RecordingSummary): string {
  const length = timeBase === "none" ? "without times" : `in ${numberText((to - from) / 1000)} s`;
  const start = timeBase === "utc" ? ` from ${timeText(from, timeBase)}` : "";
  return `${file}: ${dialect}, ${counters.frames} frames ${length}${start}\ndecoded as ${decodedAs ?? "a Leaf of some year"}`;
}

/** What a reader of the results must know about what is not in them; empty when there is nothing. */
export function remarks({ counters, decodedAs }: RecordingSummary): string {
  const { discarded, firstProblem } = counters;
  const damaged =
    firstProblem === undefined
      ? ""
      : `${discarded} ${firstProblem.where.split(" ")[0]}${discarded === 1 ? "" : "s"} could not be understood, the first at ${firstProblem.where}: ${firstProblem.reason}\n`;
  const unknown =
    decodedAs === undefined
      ? "Which Leaf this is cannot be told from these frames: only what all have in common was decoded. --leaf names it, --dbc describes another car.\n"
      : "";
  return damaged + unknown;
}
