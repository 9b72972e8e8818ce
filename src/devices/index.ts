import type { DeviceKind } from "./device-kind.ts";

/** Every kind of thing an owner can add: one line each. */
export const deviceKinds: readonly DeviceKind[] = [];
