import type { DeviceId } from "#domain/ids.ts";
import type { GarageOwner } from "./garage.ts";

export interface DeviceAction {
  readonly title: string;
  /** Resolves when it is done or under way; throws DEVICE_UNKNOWN and as edits do. */
  readonly run: (garage: GarageOwner, device: DeviceId) => Promise<void>;
}

const switched = (enabled: boolean) => async (garage: GarageOwner, device: DeviceId) => {
  await garage.updateDevice(device, { enabled });
};

/** What can be done with any device, over REST and MQTT alike. */
export const deviceActions: ReadonlyMap<string, DeviceAction> = new Map([
  ["reconnect", { title: "Close it and open it again at once", run: async (garage, id) => garage.reconnect(id) }],
  ["enable", { title: "Connect to it, now and after every start", run: switched(true) }],
  ["disable", { title: "Close it and leave it alone", run: switched(false) }],
]);
