import type { DeviceState } from "#domain/device.ts";
import type { VehicleKind } from "#domain/vehicle.ts";
import type { SignalDefinition } from "./signal.ts";

/**
 * The live stream, WebSocket `api/live` or `api/live?vehicle=<id>`: JSON text frames from the server, none from the
 * client. All times are UTC in ms by the server's clock; every frame carries its `time`, so that a page whose clock is
 * wrong still shows true ages. Something arrives at least every 5 s.
 */
export type LiveFrame = GarageFrame | SignalsFrame | ValuesFrame | TimeFrame;

/** All vehicles with their devices: first frame, and again after every change. */
export interface GarageFrame {
  readonly type: "garage";
  readonly time: number;
  readonly vehicles: readonly LiveVehicle[];
  /** Devices that belong to no vehicle. */
  readonly unassigned: readonly LiveDevice[];
  /** How many things were found near by that wait for the owner's word; `api/discoveries` has them. */
  readonly found: number;
}

export interface LiveVehicle {
  readonly id: string;
  readonly name: string;
  readonly kind: VehicleKind;
  readonly devices: readonly LiveDevice[];
}

export interface LiveDevice {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  readonly state: DeviceState;
  readonly since: number;
  readonly model: string | null;
  readonly fault: { readonly code: string; readonly message: string; readonly nextStep: string } | null;
}

/** The signals of a device. Replaces the list before: a signal's place is its number. */
export interface SignalsFrame {
  readonly type: "signals";
  readonly time: number;
  readonly device: string;
  readonly signals: readonly SignalDefinition[];
}

/** What has changed since the last frame: triples of signal number, time of the sample less `time`, value. */
export interface ValuesFrame {
  readonly type: "values";
  readonly time: number;
  readonly device: string;
  readonly values: readonly number[];
}

/** Nothing is new, and the connection lives. */
export interface TimeFrame {
  readonly type: "time";
  readonly time: number;
}
