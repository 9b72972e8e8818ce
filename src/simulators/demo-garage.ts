import type { CanBus } from "#domain/can-frame.ts";
import type { Clock } from "#domain/clock.ts";
import { runLeaf } from "./leaf/leaf.ts";

/** Names of the demo garage's buses. */
const LEAF_BUS = "demo-leaf";

/** What the demo garage's settings files hold to begin with: an owner may change everything in it. */
export const demoSettings = {
  "vehicles.json": { version: 1, vehicles: [{ id: "demo-leaf", name: "Demo Leaf", kind: "car" }] },
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
    ],
  },
} as const;

export interface DemoGarageOptions {
  /** Opens a virtual bus by its name, for sending. */
  readonly openBus: (name: string) => CanBus;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Lets the vehicles of the demo garage live on their buses until the signal fires. */
export async function runDemoGarage({ openBus, clock, signal }: DemoGarageOptions): Promise<void> {
  await runLeaf({ generation: "aze0", bus: openBus(LEAF_BUS), clock, signal });
}
