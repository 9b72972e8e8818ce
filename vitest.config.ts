import { defineConfig } from "vitest/config";

const unit = { name: "unit", include: ["src/**/*.test.ts", "test/unit/**/*.test.ts"], testTimeout: 10_000 };
// Real brokers, Home Assistant and the test machine: one file at a time, the machine has two cores.
const parts = {
  name: "parts",
  include: ["test/parts/**/*.test.ts"],
  testTimeout: 120_000,
  hookTimeout: 600_000,
  fileParallelism: false,
};

export default defineConfig({ test: { projects: [{ test: unit }, { test: parts }] } });
