import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "#hub/settings/overrides.ts";
import { startEmbeddedBroker } from "#outlets/mqtt/embedded-broker.ts";

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

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const garage = {
  "vehicles.json": { version: 1, vehicles: [{ id: "demo-leaf", name: "Demo Leaf", kind: "car" }] },
  "devices.json": {
    version: 1,
    devices: [
      {
        id: "demo-leaf-can",
        kind: "leaf-can",
        name: "Leaf CAN",
        vehicle: "demo-leaf",
        settings: { bus: "virtual:demo-leaf" },
      },
    ],
  },
};

export interface Demo {
  readonly data: string;
  readonly env: Environment;
}

/**
 * Opens the demo garage: a data folder of its own that can be deleted as a whole, simulated vehicles on virtual buses, and
 * a broker where none is set. From there on it is an ordinary Carport.
 */
export async function openDemo({
  data,
  env,
  signal,
}: {
  readonly data: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}): Promise<Demo> {
  const folder = join(data, "demo");
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(garage)) {
    const path = join(folder, name);
    if (!(await exists(path))) await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  }
  if (env["CARPORT_MQTT_HOST"]) return { data: folder, env };
  const broker = await startEmbeddedBroker();
  signal.addEventListener("abort", () => void broker.close(), { once: true });
  return { data: folder, env: { ...env, CARPORT_MQTT_HOST: broker.host, CARPORT_MQTT_PORT: String(broker.port) } };
}
