import type { VehicleId } from "./ids.ts";

export const vehicleKinds = ["car", "van", "motorcycle", "boat", "trailer", "other"] as const;
export type VehicleKind = (typeof vehicleKinds)[number];

/** Something an owner names. */
export interface Vehicle {
  readonly id: VehicleId;
  readonly name: string;
  readonly kind: VehicleKind;
  /** Personal data: never in a log, a diagnostics file or sent to a third party without the owner's yes. */
  readonly vin?: string;
}
