import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 100;

/**
 * Asks a real part that announces nothing until it has an answer: resolves with the first that is neither undefined nor
 * false. Rejects after `seconds`, naming `what` and the last error.
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(EVERY_MS);
  }
  throw new Error(`not within ${seconds} s: ${what}`, { cause });
}
