import type { Clock } from "#domain/clock.ts";
import { CarportError, type ErrorCode } from "#domain/error.ts";

export interface TimeLimit {
  readonly ms: number;
  /** What it is when the time is up. */
  readonly code: ErrorCode;
  readonly subject: string;
}

/**
 * Waits for `work`, but no longer than the limit and the signal allow. The work itself goes on: who calls this must be
 * able to do without its outcome.
 * @throws CarportError of the limit; the signal's reason when it fires
 */
export async function within<Result>(
  clock: Clock,
  { ms, code, subject }: TimeLimit,
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const settled = new AbortController();
  const waiting = signal === undefined ? settled.signal : AbortSignal.any([settled.signal, signal]);
  const late = clock.sleep(ms, waiting).then((): never => {
    signal?.throwIfAborted();
    throw new CarportError(code, subject);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort();
  }
}
