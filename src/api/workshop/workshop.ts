import type { Device } from "#domain/device.ts";
import type { ChainLink } from "#hub/doctor.ts";
import type { Garage } from "#hub/garage.ts";
import type { LogTail } from "#hub/log-tail.ts";
import type { ApiApp } from "../app.ts";
import { addDiagnosticsRoute } from "./diagnostics-route.ts";
import { addDoctorRoute } from "./doctor-route.ts";
import { addLogRoute } from "./log-route.ts";

/** What finds and mends faults; whoever puts Carport together says how. */
export interface Workshop {
  readonly tail: LogTail;
  /** JSON without secrets, to be handed on. */
  diagnostics(): string;
  examine(device: Device): Promise<readonly ChainLink[]>;
}

export function addWorkshopRoutes(app: ApiApp, garage: Garage, workshop: Workshop): void {
  addDoctorRoute(app, garage, workshop);
  addDiagnosticsRoute(app, workshop);
  addLogRoute(app, workshop);
}
