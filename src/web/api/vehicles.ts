import type { VehicleResource } from "#api/contract/resources.ts";
import type { VehicleKind } from "#domain/vehicle.ts";
import { request } from "./request.ts";

type VehicleAttributes = { readonly name?: string; readonly kind?: VehicleKind };

const path = (id: string): string => `api/vehicles/${encodeURIComponent(id)}`;

/** Resolves with its id. All of these throw RequestFailed. */
export async function addVehicle(attributes: VehicleAttributes & { readonly name: string }): Promise<string> {
  const body = { data: { type: "vehicles", attributes } };
  return (await request<{ data: VehicleResource }>("api/vehicles", { method: "POST", body })).data.id;
}

export const changeVehicle = (id: string, attributes: VehicleAttributes): Promise<unknown> =>
  request(path(id), { method: "PATCH", body: { data: { type: "vehicles", id, attributes } } });

/** Only one that no device is in; what was measured on it is kept. */
export const removeVehicle = (id: string): Promise<unknown> => request(path(id), { method: "DELETE" });

/** The devices of `other` move here, and it is removed. */
export const mergeVehicles = (id: string, other: string): Promise<unknown> =>
  request(`${path(id)}/merge`, { method: "POST", body: { data: { type: "vehicles", id: other } } });
