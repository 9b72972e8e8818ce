import type { Clock } from "#domain/clock.ts";
import { type CarportError, toCarportError } from "#domain/error.ts";
import { Backoff } from "./backoff.ts";

export interface RetryOptions {
  /** What is tried, for a person. */
  readonly subject: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called for each failure. */
  readonly failed: (fault: CarportError) => void;
  readonly random?: () => number;
}

/** Tries until it succeeds, with growing pauses. Undefined once the signal has fired. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { subject, clock, signal, failed } = options;
  const backoff = new Backoff(options.random);
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) return undefined;
      failed(toCarportError(error, subject));
    }
    await clock.sleep(backoff.next(), signal);
  }
  return undefined;
}
