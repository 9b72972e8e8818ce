import { expect, test } from "vitest";
import { CarportError } from "#domain/error.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { keepScanning } from "./keep-scanning.ts";

const AWAY_MS = 30_000;
const missing = () => new CarportError("BLUEZ_MISSING", "bluetoothd");

test("a scan that never started fails at once", async () => {
  const scan = keepScanning(new ManualClock(), AWAY_MS, () => Promise.reject(missing()), new AbortController().signal);
  await expect(scan).rejects.toMatchObject({ code: "BLUEZ_MISSING" });
});

test("one that had started is started again, and fails when it has been away for too long", async () => {
  const clock = new ManualClock();
  let scans = 0;
  const scanOnce = async (started: () => void) => {
    if (++scans === 1 || scans === 10) started();
    throw missing();
  };
  let failed = false;
  const scan = keepScanning(clock, AWAY_MS, scanOnce, new AbortController().signal).catch(() => {
    failed = true;
  });
  await clock.advance(AWAY_MS + 8_000);
  expect(failed).toBe(false);
  await clock.advance(2_000);
  expect(failed).toBe(true);
  await scan;
});

test("what only a person can mend is told at once", async () => {
  const scanOnce = async (started: () => void) => {
    started();
    throw new CarportError("BLE_ADAPTER_UNKNOWN", "x");
  };
  await expect(keepScanning(new ManualClock(), AWAY_MS, scanOnce, new AbortController().signal)).rejects.toMatchObject({
    code: "BLE_ADAPTER_UNKNOWN",
  });
});
