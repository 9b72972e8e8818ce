import type { CanBus } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import { BatteryMonitor } from "./battery-monitor/battery-monitor.ts";
import { mooredBoat, parkedVan } from "./battery-monitor/lives.ts";
import { type Air, placeMonitor } from "./battery-monitor/peripheral.ts";
import { runLeaf } from "./leaf/leaf.ts";

/** Names of the demo garage's buses, and of the air its Bluetooth devices are in. */
const LEAF_BUS = "demo-leaf";
export const DEMO_AIR = "demo";

const VAN_MONITOR = "50:54:7B:00:00:06";
const BOAT_MONITOR = "50:54:7B:00:00:02";
const ADVERT_MS = 2_000;
/** A week, of which a slow drain can be told. */
const MEMORY = 5_040;

const batteryMonitor = (vehicle: string, address: string) => ({
  id: `${vehicle}-battery`,
  kind: "battery-monitor",
  name: "Battery monitor",
  vehicle,
  settings: { address, adapter: `virtual:${DEMO_AIR}`, chemistry: "agm" },
});

/** What the demo garage's settings files hold to begin with: an owner may change everything in it. */
export const demoSettings = {
  "vehicles.json": {
    version: 1,
    vehicles: [
      { id: "demo-leaf", name: "Demo Leaf", kind: "car" },
      { id: "demo-van", name: "Demo van", kind: "van" },
      { id: "demo-boat", name: "Demo boat", kind: "boat" },
    ],
  },
  "devices.json": {
    version: 1,
    devices: [
      {
        id: "demo-leaf-can",
        kind: "leaf-can",
        name: "Leaf CAN",
        vehicle: "demo-leaf",
        settings: { bus: `virtual:${LEAF_BUS}`, diagnosticPolls: true },
      },
      batteryMonitor("demo-van", VAN_MONITOR),
      batteryMonitor("demo-boat", BOAT_MONITOR),
    ],
  },
} as const;

export interface DemoGarageOptions {
  /** Opens a virtual bus by its name, for sending. */
  readonly openBus: (name: string) => CanBus;
  readonly air: Air & { advertise(): void };
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Lets the vehicles of the demo garage live on their buses and in their air until the signal fires. */
export async function runDemoGarage({ openBus, air, clock, signal }: DemoGarageOptions): Promise<void> {
  const common = { clock, memory: MEMORY };
  const van = new BatteryMonitor({ ...common, model: "BM6", address: VAN_MONITOR, battery: parkedVan(clock.now()) });
  const boat = new BatteryMonitor({ ...common, model: "BM2", address: BOAT_MONITOR, battery: mooredBoat });
  for (const monitor of [van, boat]) placeMonitor(air, monitor);
  const advertising = advertise(air, clock, signal);
  await runLeaf({ generation: "aze0", bus: openBus(LEAF_BUS), clock, signal });
  await advertising;
}

async function advertise(air: DemoGarageOptions["air"], clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    air.advertise();
    await clock.sleep(ADVERT_MS, signal);
  }
}
