/** Time is injected everywhere, so that tests and replays own it. */
export interface Clock {
  /** UTC in ms. May jump (NTP, GPS). */
  now(): number;
  /** ms that only grow, for intervals and time-outs. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal fires: the caller checks `signal.aborted`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
