import { join } from "node:path";
import type { DeviceKind, DeviceServices } from "#devices/device-kind.ts";
import { deviceKinds } from "#devices/index.ts";
import type { Clock } from "#domain/clock.ts";
import { appOptions } from "#home-assistant/app-options.ts";
import { loadedIntegrations, type OfferedBroker } from "#home-assistant/supervisor.ts";
import { aborted } from "#hub/aborted.ts";
import { Hub } from "#hub/hub.ts";
import { LogTail } from "#hub/log-tail.ts";
import { Part } from "#hub/part.ts";
import { createLog, type PlainLog } from "#hub/plain-log.ts";
import { Redactor } from "#hub/redactor.ts";
import type { Environment } from "#hub/settings/overrides.ts";
import { Settings } from "#hub/settings/settings.ts";
import { systemClock } from "#hub/system-clock.ts";
import { startMqtt } from "#outlets/mqtt/mqtt.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { startStore } from "#store/start-store.ts";
import { version, webRoot } from "./about.ts";
import { watchBatteryHealth } from "./battery-health.ts";
import { bluetooth } from "./bluetooth.ts";
import { chooseBroker, followBroker } from "./broker.ts";
import { lookAround } from "./surroundings.ts";
import { takeOverTimeZone } from "./time-zone.ts";
import { openWorkshop } from "./workshop.ts";

export interface CarportOptions {
  /** The data folder. */
  readonly data: string;
  readonly env: Environment;
  /** Takes the lines of the log. */
  readonly write: (line: string) => void;
  /** Stops Carport, as `stop` does. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Where the Supervisor is, other than at http://supervisor. */
  readonly supervisor?: string;
  readonly kinds?: readonly DeviceKind[];
}

export interface Carport {
  readonly settings: Settings;
  readonly hub: Hub;
  readonly store: SeriesStore;
  readonly log: PlainLog;
  /** Resolves when it has stopped. */
  readonly stopped: Promise<void>;
  /** Closes devices, says goodbye to the broker and seals the store. Idempotent. */
  stop(): Promise<void>;
}

const SUPERVISOR = "http://supervisor";
/** Of the Supervisor, which passes on what browsers ask (developers.home-assistant.io, Presenting your app). */
const INGRESS_ADDRESS = "172.30.32.2";

/**
 * Puts Carport together and brings it to life. Data flows one way: settings → hub → bus → store, MQTT and API. Each part
 * that cannot work says so and tries again; none stops another.
 */
export async function startCarport(options: CarportOptions): Promise<Carport> {
  const { data, write, signal, clock = systemClock, supervisor = SUPERVISOR } = options;
  const env = { ...(await appEnvironment(options)), ...options.env };
  const kinds = new Map((options.kinds ?? deviceKinds).map((kind) => [kind.kind, kind]));
  const redactor = new Redactor();
  const tail = new LogTail();
  const log = createLog({ level: "info", redactor, write, tail });
  const token = env["SUPERVISOR_TOKEN"] ?? "";
  redactor.add([token]);

  const settings = new Settings({ folder: data, env, kinds, clock, log });
  await settings.load();
  redactor.add(settings.secrets);
  const stopping = new AbortController();
  settings.watch(stopping.signal);

  const { flushSeconds } = settings.system.store;
  const store = startStore({ folder: join(data, "store"), clock, log, flushMs: flushSeconds * 1_000 });
  const services: DeviceServices = {
    openBle: bluetooth(env, clock, () => settings.system.bluetooth.connections),
    keptTimes: (device, signal, from, to) => store.read({ device, signal, from, to }).times,
  };
  const hub = new Hub({ settings, kinds, services, clock, log });
  hub.prepare(store.channels());
  hub.bus.subscribe("batch", ({ device, vehicle, batch }) => store.append(device, vehicle, batch));
  watchBatteryHealth({ hub, store, clock, log, signal: stopping.signal });

  const mqtt = startMqtt({
    garage: hub,
    owner: hub,
    settings: settings.system.mqtt,
    clock,
    log: log.child("mqtt"),
    version,
    signal: stopping.signal,
  });
  const reports = { version, clock, settings, kinds, garage: hub, store, tail, redactor, mqttStatus: mqtt.status };
  const home = token ? { url: supervisor, token } : undefined;
  const hasMqtt = async () => {
    if (!home) return undefined;
    const integrations = await loadedIntegrations({ ...home, signal: stopping.signal }).catch(() => undefined);
    return integrations?.has("mqtt");
  };
  const workshop = openWorkshop({ ...reports, hasMqtt });
  const ingressAddress = token ? INGRESS_ADDRESS : undefined;
  const page = new Part({
    name: "the page",
    clock,
    log,
    open: async (http: Settings["system"]["http"], closing: AbortSignal) => {
      const { startApi } = await import("#api/start-api.ts");
      const { ChangeLog } = await import("#api/changes/change-log.ts");
      const owner = { garage: hub, settings, kinds };
      const context = { garage: hub, owner, store, clock, log: log.child("api"), version, mqttStatus: mqtt.status };
      const api = await startApi({
        ...context,
        workshop,
        changes: new ChangeLog(join(data, "changes.jsonl"), log),
        lookAround: (asking) => lookAround({ supervisor: home }, asking),
        settings: { http },
        ingressAddress,
        webRoot,
        signal: closing,
      });
      log.info(`Carport ${version} is at http://${nameOf(http.host)}:${api.port}`);
      return api;
    },
  });

  let offered: OfferedBroker | undefined;
  const apply = () => {
    const { system } = settings;
    redactor.add(settings.secrets);
    if (offered) redactor.add([offered.password]);
    log.level = system.log.level;
    mqtt.apply(chooseBroker(system.mqtt, offered));
    page.apply(system.http);
  };
  const unsubscribe = settings.subscribe(apply);
  apply();
  if (home) {
    const access = { ...home, signal: stopping.signal };
    const offer = (broker: OfferedBroker) => {
      offered = broker;
      apply();
    };
    const connected = () => mqtt.status().state === "connected";
    void followBroker({ access, clock, log, connected, offer });
    void takeOverTimeZone({ access, clock, log });
  }

  if (settings.system.safeMode) log.warn("safe mode: no device is opened");
  else hub.start();

  const stopped = aborted(stopping.signal).then(async () => {
    unsubscribe();
    const sealed = hub.stop().finally(() => store.close());
    const results = await Promise.allSettled([sealed, mqtt.stop(), page.stop()]);
    for (const result of results) {
      if (result.status === "rejected") log.error("a part did not close in order", { error: result.reason });
    }
    log.info("stopped");
  });
  const stop = () => {
    stopping.abort();
    return stopped;
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) await stop();
  return { settings, hub, store, log, stopped, stop };
}

/** What the owner set on the app's page in Home Assistant. */
async function appEnvironment({ data, env }: CarportOptions): Promise<Environment> {
  return env["SUPERVISOR_TOKEN"] ? await appOptions(join(data, "options.json")) : {};
}

/** What a browser on this machine calls it. */
const nameOf = (host: string): string => {
  if (["127.0.0.1", "0.0.0.0", "::", "::1", ""].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
};
