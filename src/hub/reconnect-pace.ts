import type { ReconnectPace } from "#domain/device.ts";

/** ms to wait before the n-th attempt after a loss: the first ones soon, then seldom, so that a device out of reach rests. */
export const pauseBefore = (attempt: number, { retries, retrySeconds, reconnectSeconds }: ReconnectPace): number =>
  (attempt <= retries ? retrySeconds : reconnectSeconds) * 1_000;
