/**
 * `npm run bench [-- NAME…] [--json]`: runs each `*.bench.ts` here in a process of its own, one after the other, and
 * prints one table. A missed target is a figure to read, not a failure: the exit code tells only of crashes.
 */
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Figure } from "./report.ts";

const LIMIT_MS = 15 * 60_000;
const SUFFIX = ".bench.ts";

interface Outcome {
  readonly bench: string;
  readonly figures: readonly Figure[];
  readonly crash?: string;
}

function parseFigure(line: string): Figure | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    // The line comes from `report()` in our own child process.
    const figure = JSON.parse(line) as Figure;
    return typeof figure.name === "string" && typeof figure.unit === "string" ? figure : undefined;
  } catch {
    return undefined;
  }
}

async function runBench(path: string): Promise<Outcome> {
  const bench = basename(path, SUFFIX);
  const child = spawn(process.execPath, ["--expose-gc", "--disable-warning=ExperimentalWarning", path], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: LIMIT_MS,
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
  });
  const figures: Figure[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = parseFigure(line);
    if (figure === undefined) process.stderr.write(`${bench}: ${line}\n`);
    else figures.push(figure);
  }
  const crash = await ended;
  return crash === undefined ? { bench, figures } : { bench, figures, crash };
}

const number = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 4 });

function targetText({ target }: Figure): string {
  if (target === undefined) return "";
  return "atLeast" in target ? `≥ ${number.format(target.atLeast)}` : `≤ ${number.format(target.atMost)}`;
}

function verdict({ target, value }: Figure): string {
  if (target === undefined) return "";
  return ("atLeast" in target ? value >= target.atLeast : value <= target.atMost) ? "met" : "MISSED";
}

function row(bench: string, figure: Figure): string[] {
  const { peer } = figure;
  return [
    bench,
    figure.name,
    `${number.format(figure.value)} ${figure.unit}`,
    targetText(figure),
    verdict(figure),
    peer === undefined ? "" : `${number.format(peer)} ${figure.peerName ?? ""}`.trimEnd(),
    peer === undefined ? "" : `${number.format(figure.value / peer)} ×`,
    figure.note ?? "",
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const cells of rows) {
    cells.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line)].join("\n");
}

const { values: options, positionals: names } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const folder = import.meta.dirname;
const benches = (await readdir(folder))
  .filter((file) => file.endsWith(SUFFIX))
  .filter((file) => names.length === 0 || names.includes(basename(file, SUFFIX)))
  .toSorted();

const outcomes: Outcome[] = [];
for (const file of benches) {
  process.stderr.write(`${basename(file, SUFFIX)} …\n`);
  outcomes.push(await runBench(join(folder, file)));
}

const machine = { processor: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version };
if (options.json) {
  console.log(JSON.stringify({ machine, outcomes }, undefined, 2));
} else {
  const head = ["bench", "figure", "value", "target", "", "peer, same run", "ratio", "note"];
  const rows = outcomes.flatMap(({ bench, figures }) => figures.map((figure) => row(bench, figure)));
  console.log(table([head, ...rows]));
  console.log(`\n${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
}
for (const { bench, crash } of outcomes) {
  if (crash !== undefined) console.error(`${bench}: ${crash}`);
}
if (benches.length === 0) console.error(`no bench named ${names.join(", ")}`);
process.exitCode = benches.length === 0 || outcomes.some(({ crash }) => crash !== undefined) ? 1 : 0;
