/**
 * `npm test`: types, lint, unit tests and tests with real parts, one after the other. Its last line is the sum of all:
 * `N passed, N failed`, with `, N skipped` where a part is missing on this machine. With CI=true a skipped test fails.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { z } from "zod";

interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const root = join(import.meta.dirname, "..");
const reports = join(root, "dist/test");
const nothingSkips = env["CI"] === "true";

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ status: z.string(), ancestorTitles: z.array(z.string()) })) }),
  ),
});

/** Resolves with whether the program succeeded; its output goes to ours. */
async function succeeds(program: string, ...args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { cwd: root, stdio: "inherit" });
  const [code] = await once(child, "close");
  return code === 0;
}

async function check(program: string, ...args: readonly string[]): Promise<Sum> {
  const good = await succeeds(program, ...args);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 };
}

async function tests(project: string): Promise<Sum> {
  const file = join(reports, `${project}.json`);
  await rm(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const good = await succeeds("vitest", "run", "--project", project, ...reporters);
  const counts = report.safeParse(JSON.parse(await readFile(file, "utf8").catch(() => "null")));
  if (!counts.success) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests: passed, numFailedTests, testResults } = counts.data;
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => !["passed", "failed"].includes(status));
  // What a skipped group needs and does not have is part of its title: see describeWith.
  for (const titles of new Set(skipped.map(({ ancestorTitles }) => ancestorTitles.join(" › ")))) {
    console.log(`skipped: ${titles}`);
  }
  // A file that does not load or an error outside of a test fails the run without failing a test.
  return { passed, failed: Math.max(numFailedTests, good ? 0 : 1), skipped: skipped.length };
}

const stages: readonly (readonly [name: string, run: () => Promise<Sum>])[] = [
  ["types", () => check("tsc", "-p", ".")],
  ["types of the page", () => check("tsc", "-p", "src/web")],
  ["lint", () => check("biome", "check", "--error-on-warnings", ".")],
  ["unit tests", () => tests("unit")],
  ["processes", () => tests("processes")],
  ["tests with real parts", () => tests("parts")],
];

await mkdir(reports, { recursive: true });
const lines: string[] = [];
let sum: Sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, run] of stages) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const { passed, failed, skipped } = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
  sum = { passed: sum.passed + passed, failed: sum.failed + failed, skipped: sum.skipped + skipped };
}
console.log(`\n=== stages\n${lines.join("\n")}`);
if (nothingSkips && sum.skipped > 0) {
  console.log("With CI=true a test that is skipped counts as failed.");
  sum = { passed: sum.passed, failed: sum.failed + sum.skipped, skipped: 0 };
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed === 0 ? 0 : 1;
