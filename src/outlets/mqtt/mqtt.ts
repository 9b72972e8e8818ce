import { isDeepStrictEqual } from "node:util";
import { toCarportError } from "#domain/error.ts";
import { brokerName, type MqttSettings } from "./link.ts";
import { Outlet, type OutletCounters, type OutletOptions } from "./outlet.ts";
import { newInstance } from "./prefix-claim.ts";
import { WITHDRAW } from "./session.ts";

export type { MqttSettings } from "./link.ts";

export interface MqttOptions extends Omit<OutletOptions, "instance" | "random"> {
  /** Ends it as `stop` does. */
  readonly signal: AbortSignal;
  /** [0, 1), for jitter. */
  readonly random?: () => number;
}

/** Flat: it is an answer of the API as it is. */
export type MqttStatus = OutletCounters & {
  /** `off`: no broker is set. `waiting`: until the next attempt. */
  readonly state: "off" | "connecting" | "connected" | "waiting";
  /** `host:port` */
  readonly broker?: string;
  /** Version of MQTT. */
  readonly protocol?: "5" | "3.1.1";
  /** ISO 8601, UTC. */
  readonly connectedSince?: string;
  /** What Home Assistant has said at the broker over this connection. */
  readonly homeAssistant?: "online" | "offline";
  /** Code of why there is no connection, or of what is wrong although there is one. */
  readonly fault?: string;
  /** The same for a person. */
  readonly message?: string;
  readonly nextStep?: string;
};

export interface Mqtt {
  status(): MqttStatus;
  /** Connects anew under other settings; under another prefix nothing stays under the old one. */
  apply(settings: MqttSettings): void;
  /** Says goodbye and disconnects, within 2.5 s. Idempotent. */
  stop(): Promise<void>;
}

interface Run {
  readonly settings: MqttSettings;
  readonly outlet: Outlet;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** Brings the garage to Home Assistant and everybody else at a broker. Returns at once; all trouble shows in `status`. */
export function startMqtt(options: MqttOptions): Mqtt {
  const { log, signal, random = Math.random, ...rest } = options;
  let settings = options.settings;
  let run: Run | undefined;
  let stopped = false;
  /** Starting and stopping, one after the other. */
  let changing: Promise<void> = Promise.resolve();

  const start = () => {
    if (settings.host === "" || stopped) return;
    const stopping = new AbortController();
    const outlet = new Outlet({ ...rest, log, settings, random, instance: newInstance() });
    const ended = outlet.run(stopping.signal).catch((error) => {
      const fault = toCarportError(error, "MQTT");
      log.error(fault.message, { error });
    });
    run = { settings, outlet, stopping, ended };
  };
  const end = async (reason?: symbol) => {
    run?.stopping.abort(reason);
    await run?.ended;
    run = undefined;
  };
  const stop = () => {
    stopped = true;
    changing = changing.then(() => end());
    return changing;
  };

  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stopped = true;
  start();
  return {
    status: () => statusOf(run),
    apply: (next) => {
      changing = changing.then(async () => {
        if (isDeepStrictEqual(next, settings)) return;
        const moved = next.prefix !== settings.prefix || next.discoveryPrefix !== settings.discoveryPrefix;
        settings = next;
        await end(moved ? WITHDRAW : undefined);
        start();
      });
    },
    stop,
  };
}

function statusOf(run: Run | undefined): MqttStatus {
  if (run === undefined) return { state: "off", sent: 0, suppressed: 0, dropped: 0, discarded: 0 };
  const { homeAssistant } = run.outlet;
  const { state, protocol, connectedSince, fault = run.outlet.fault } = run.outlet.connection;
  return {
    state,
    broker: brokerName(run.settings),
    ...run.outlet.counters,
    ...(protocol !== undefined && { protocol }),
    ...(connectedSince !== undefined && { connectedSince: new Date(connectedSince).toISOString() }),
    ...(homeAssistant !== undefined && { homeAssistant }),
    ...(fault !== undefined && { fault: fault.code, message: fault.message, nextStep: fault.nextStep }),
  };
}
