import type { DeviceKind, DeviceServices } from "#devices/device-kind.ts";
import type { Clock } from "#domain/clock.ts";
import { CarportError, toCarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import { aborted } from "./aborted.ts";
import { Backoff } from "./backoff.ts";
import type { LiveDevice } from "./live-device.ts";
import { pauseBefore } from "./reconnect-pace.ts";
import { runSession } from "./session.ts";

/** A link that held this long was a good one: the next failure is met without long waits. */
const STABLE_MS = 60_000;

export interface SupervisorOptions {
  readonly kind: DeviceKind;
  readonly live: LiveDevice;
  /** Called for each output after `live` has taken it in; `changed` when that is worth telling. */
  readonly onOutput: (output: Parameters<LiveDevice["take"]>[0], changed: boolean) => void;
  /** The state has changed. */
  readonly onChange: () => void;
  readonly services: DeviceServices;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: (() => number) | undefined;
  /** Fires when the device is to be closed for good or opened with other settings. */
  readonly signal: AbortSignal;
}

/**
 * Keeps one device open: opens it, opens it again after failures with growing pauses, and stops trying where only a person
 * can help. Resolves once it is closed; never rejects.
 */
export async function supervise(options: SupervisorOptions): Promise<void> {
  const { live, clock, log, signal, onChange } = options;
  const backoff = new Backoff(options.random);
  let told: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    if (live.open()) onChange();
    const { fault, connectedMs } = await openOnce(options);
    if (connectedMs !== undefined) {
      told = undefined;
      failures = 0;
    }
    if (connectedMs !== undefined && connectedMs >= STABLE_MS) backoff.reset();
    if (signal.aborted) {
      if (fault?.code === "DEVICE_HUNG") log.error(textOf(fault));
      break;
    }
    if (!fault) continue;
    live.count("failures");
    if (live.setState(fault.permanent ? "error" : "disconnected", fault)) onChange();
    const { reconnect } = live.record;
    const wait = reconnect ? pauseBefore(++failures, reconnect) : backoff.next();
    const text = textOf(fault);
    // A device that cannot be reached says so once; its further attempts are for those who look closely.
    if (told !== fault.code) log.warn(text, detail(fault));
    else log.debug(() => `${text} Next attempt in ${Math.ceil(wait / 1000)} s.`);
    told = fault.code;
    await (fault.permanent ? aborted(signal) : clock.sleep(wait, signal));
  }
}

interface Ended {
  /** Why; undefined when it was closed on demand. */
  readonly fault: CarportError | undefined;
  /** How long it was connected, if it came to that. */
  readonly connectedMs: number | undefined;
}

async function openOnce({ kind, live, services, clock, log, signal, onOutput }: SupervisorOptions): Promise<Ended> {
  const { id, settings } = live.record;
  let connectedAt: number | undefined;
  let fault: CarportError | undefined;
  try {
    await runSession({
      open: (closing) => kind.open(settings, { device: id, signal: closing, clock, log, services }),
      take: (output) => {
        connectedAt ??= clock.monotonic();
        const before = live.state;
        const changed = live.take(output);
        if (output.type === "state" && output.state === "disconnected") log.warn(textOf(output.fault));
        else if (live.state !== before) log.info(live.state === "asleep" ? "asleep" : "connected");
        onOutput(output, changed);
      },
      throttled: () => live.count("throttled"),
      subject: id,
      clock,
      signal,
    });
    if (!signal.aborted) fault = new CarportError("DEVICE_ENDED", id);
  } catch (error) {
    fault = toCarportError(error, id);
    if (fault.code === "DEVICE_HUNG") live.count("abandoned");
  }
  return { fault, connectedMs: connectedAt === undefined ? undefined : clock.monotonic() - connectedAt };
}

const textOf = ({ message, nextStep }: CarportError): string => `${message} ${nextStep}`;
const detail = (fault: CarportError) => (fault.cause === undefined ? undefined : { error: fault.cause });
