import type { Clock } from "#domain/clock.ts";
import { isCarportError } from "#domain/error.ts";

const PAUSE_MS = 1_000;

/**
 * Scans, and again when the scan ends or fails after it had once started: a restart of what stands behind it is none of
 * the listeners' business.
 * @param scanOnce until it ends; calls `started` when it hears
 * @param awayMs how long it may fail before the listeners are told
 * @throws what `scanOnce` threw when it never started, has failed for so long, or needs a person
 */
export async function keepScanning(
  clock: Clock,
  awayMs: number,
  scanOnce: (started: () => void) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let started = false;
  let awaySince: number | undefined;
  const start = (): void => {
    started = true;
    awaySince = undefined;
  };
  while (!signal.aborted) {
    try {
      await scanOnce(start);
    } catch (error) {
      if (signal.aborted) return;
      awaySince ??= clock.monotonic();
      const lasting = clock.monotonic() - awaySince >= awayMs || (isCarportError(error) && error.permanent);
      if (!started || lasting) throw error;
    }
    await clock.sleep(PAUSE_MS, signal);
  }
}
