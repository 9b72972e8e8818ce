import { defineConfig } from "vitest/config";

// The quick round while working: a few seconds.
const unit = {
  name: "unit",
  include: ["src/**/*.test.ts"],
  exclude: ["src/**/*.{crash,process}.test.ts"],
  // Modules are read once for all files: nothing in them keeps state between tests.
  isolate: false,
  testTimeout: 20_000,
};
// Whole processes that are started, stopped and killed.
const processes = { name: "processes", include: ["src/**/*.{crash,process}.test.ts"], testTimeout: 60_000 };
// Real brokers, Home Assistant and the test machine: one file at a time, the machine has two cores.
const parts = {
  name: "parts",
  include: ["test/parts/**/*.test.ts"],
  testTimeout: 120_000,
  hookTimeout: 600_000,
  fileParallelism: false,
};

export default defineConfig({ test: { projects: [{ test: unit }, { test: processes }, { test: parts }] } });
