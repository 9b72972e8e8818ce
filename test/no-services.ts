import type { DeviceServices } from "#devices/device-kind.ts";
import { CarportError } from "#domain/error.ts";

/** For devices that use nothing of Carport: there is no Bluetooth, and nothing is kept. */
export const noServices: DeviceServices = {
  openBle: (name) => {
    throw new CarportError("BLE_ADAPTER_UNKNOWN", name);
  },
  keptTimes: () => new Float64Array(),
};
