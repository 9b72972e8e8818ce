import { access, constants } from "node:fs/promises";
import type { DeviceRecord } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import { interfaceProblem } from "#transports/can-interface.ts";

/** Looks at the adapter that a device names; undefined where it can be used, or where only using it would tell. */
export async function adapterFault({ settings }: DeviceRecord): Promise<CarportError | undefined> {
  const { bus } = settings;
  if (typeof bus !== "string" || bus.startsWith("virtual:")) return undefined;
  if (bus.startsWith("file:")) {
    const path = bus.slice("file:".length);
    return await access(path, constants.R_OK).then(
      () => undefined,
      (cause) => new CarportError("CAN_LOG_MISSING", path, { cause }),
    );
  }
  const problem = interfaceProblem(bus);
  return problem && new CarportError(problem, bus);
}
