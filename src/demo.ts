import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "#hub/settings/overrides.ts";
import { systemClock } from "#hub/system-clock.ts";
import { startEmbeddedBroker } from "#outlets/mqtt/embedded-broker.ts";
import { DEMO_AIR, demoSettings, runDemoGarage } from "#simulators/demo-garage.ts";
import { virtualAir } from "#transports/ble/virtual-airs.ts";
import { openVirtualCan } from "#transports/virtual-can.ts";

/** Variables that say where and how loudly, not what to run. */
const NO_CONFIGURATION = /^CARPORT_(DATA|REAL_DATA|LOG_.*|HTTP_.*)$/;

/** Whether nothing is configured: no settings file, no variable, and no Home Assistant that would see simulated cars. */
export async function wantsDemo(data: string, env: Environment): Promise<boolean> {
  if (env["SUPERVISOR_TOKEN"]) return false;
  const configured = Object.entries(env).some(
    ([name, value]) => name.startsWith("CARPORT_") && value !== "" && !NO_CONFIGURATION.test(name),
  );
  if (configured) return false;
  const files = await Promise.all(["system", "vehicles", "devices"].map((name) => exists(join(data, `${name}.json`))));
  return !files.includes(true);
}

export interface DemoOptions {
  /** The data folder; the demo has one of its own in it, which can be deleted as a whole. */
  readonly data: string;
  readonly env: Environment;
  /** Ends the demo garage. */
  readonly signal: AbortSignal;
  /** What of the demo garage fails later. */
  readonly failed: (error: unknown) => void;
}

export interface Demo {
  /** The configuration of an ordinary Carport. */
  readonly data: string;
  readonly env: Environment;
  /** Closes the broker, once Carport has said goodbye to it. */
  close(): Promise<void>;
}

/** Opens the demo garage: simulated vehicles on virtual buses, and a broker where none is set. */
export async function openDemo({ data, env, signal, failed }: DemoOptions): Promise<Demo> {
  const folder = join(data, "demo");
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(demoSettings)) {
    const path = join(folder, name);
    if (!(await exists(path))) await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  }
  const openBus = (name: string) => openVirtualCan(name, { clock: systemClock, send: true });
  runDemoGarage({ openBus, air: virtualAir(DEMO_AIR), clock: systemClock, signal }).catch(failed);
  if (env["CARPORT_MQTT_HOST"]) return { data: folder, env, close: async () => {} };
  const { host, port, close } = await startEmbeddedBroker();
  return { data: folder, env: { ...env, CARPORT_MQTT_HOST: host, CARPORT_MQTT_PORT: String(port) }, close };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
