import type { DeviceOutput } from "#devices/device-kind.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import { aborted } from "./aborted.ts";

/** What a device may do to others is limited by these. */
export const limits = {
  /** ms in which a device says something after it was opened: that it is connected, or asleep. */
  firstOutputMs: 60_000,
  /** ms in which a device lets go when it is told to close. */
  graceMs: 2_000,
  /** A device hands over 20 batches a second at most; one that does more is slowed down to this. */
  outputsPerSecond: 100,
} as const;

export interface SessionOptions {
  readonly open: (signal: AbortSignal) => AsyncIterable<DeviceOutput>;
  readonly take: (output: DeviceOutput) => void;
  readonly throttled: () => void;
  readonly subject: string;
  readonly clock: Clock;
  /** Closes the device. */
  readonly signal: AbortSignal;
}

/**
 * Keeps a device open until its source ends, it fails or `signal` fires. Rejects with why it failed; with DEVICE_HUNG when
 * it did not let go in time: from then on nothing it says is heard.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const { clock, signal, subject } = options;
  const closing = new AbortController();
  const over = new AbortController();
  const heard = new AbortController();
  const close = () => closing.abort();
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();

  let failure: CarportError | undefined;
  const answered = AbortSignal.any([heard.signal, over.signal, closing.signal]);
  void clock.sleep(limits.firstOutputMs, answered).then(() => {
    if (answered.aborted) return;
    failure = new CarportError("DEVICE_NO_ANSWER", subject);
    close();
  });
  const abandoned = aborted(closing.signal)
    .then(() => clock.sleep(limits.graceMs, over.signal))
    .then(() => {
      if (!over.signal.aborted) throw new CarportError("DEVICE_HUNG", subject);
    });

  try {
    await Promise.race([pump(options, closing.signal, heard, over.signal), abandoned]);
  } catch (error) {
    // What a device throws while it is told to close is no news.
    if (!closing.signal.aborted || (error instanceof CarportError && error.code === "DEVICE_HUNG")) throw error;
  } finally {
    over.abort();
    signal.removeEventListener("abort", close);
    close();
  }
  if (failure) throw failure;
}

async function pump(
  { open, take, throttled, clock }: SessionOptions,
  closing: AbortSignal,
  heard: AbortController,
  over: AbortSignal,
): Promise<void> {
  let windowStart = clock.monotonic();
  let outputs = 0;
  for await (const output of open(closing)) {
    if (closing.aborted || over.aborted) return;
    heard.abort();
    take(output);
    // One turn of the event loop per output: whoever hands over without a pause must not keep others from running.
    await new Promise((resolve) => setImmediate(resolve));
    if (++outputs === limits.outputsPerSecond) {
      const rest = windowStart + 1_000 - clock.monotonic();
      if (rest > 0) {
        throttled();
        await clock.sleep(rest, closing);
      }
      windowStart = clock.monotonic();
      outputs = 0;
    }
    // A device that is not asked for more once it is to close cannot miss the moment by listening too late.
    if (closing.aborted) return;
  }
}
