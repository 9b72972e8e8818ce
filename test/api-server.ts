import { type Api, startApi } from "#api/start-api.ts";
import type { Clock } from "#domain/clock.ts";
import { deviceId, leafSignals, vehicleId } from "./fake-drive.ts";
import { ingressAddress } from "./ingress-proxy.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryGarage, silentLog } from "./memory-garage.ts";
import { MemoryStore } from "./memory-store.ts";

export const leaf = vehicleId("family-leaf");
export const can0 = deviceId("leaf-can0");

export interface ApiServer extends AsyncDisposable {
  readonly garage: MemoryGarage;
  readonly store: MemoryStore;
  readonly api: Api;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** The real API, on a free port when none is given, with one connected Leaf in a garage in memory. */
export async function startApiServer(
  clock: Clock = new ManualClock(),
  webRoot = "/nowhere",
  port = 0,
): Promise<ApiServer> {
  const garage = new MemoryGarage();
  const store = new MemoryStore();
  garage.put({ id: leaf, name: "Family Leaf", kind: "car", vin: "SJNFAAZE0U0000001" });
  garage.putDevice(
    { id: can0, kind: "leaf-can", name: "Leaf CAN", vehicle: leaf, enabled: true, settings: { password: "hunter2" } },
    { state: "connected", since: clock.now(), signals: leafSignals, identity: { model: "Leaf AZE0" } },
  );
  const api = await startApi({
    garage,
    store,
    clock,
    log: silentLog,
    version: "1.2.3",
    webRoot,
    settings: { http: { host: "127.0.0.1", port } },
    ingressAddress,
    signal: new AbortController().signal,
  });
  const url = `http://127.0.0.1:${api.port}`;
  return { garage, store, api, url, [Symbol.asyncDispose]: () => api.stop() };
}

/** What stands at `path` (`data.0.id`) in a parsed answer; undefined where there is nothing. */
export const at = (body: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((part, name) => (typeof part === "object" && part ? Reflect.get(part, name) : undefined), body);
