import { batteryMonitor } from "./battery-monitor/battery-monitor.ts";
import { dbcCan } from "./dbc-can/dbc-can.ts";
import type { DeviceKind } from "./device-kind.ts";
import { leafCan } from "./leaf-can/leaf-can.ts";

/** Every kind of thing an owner can add: one line each. */
export const deviceKinds: readonly DeviceKind[] = [leafCan, dbcCan, batteryMonitor];
