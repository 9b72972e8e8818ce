import type { Clock } from "#domain/clock.ts";

// setTimeout fires at once beyond 2^31-1 ms.
const LONGEST_TIMEOUT = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT));
      signal?.addEventListener("abort", wake, { once: true });
    }),
};
