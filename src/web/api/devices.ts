import type { z } from "zod";
import type { DeviceResource, deviceKindResource } from "#api/contract/resources.ts";
import { request } from "./request.ts";

export type DeviceKind = z.infer<typeof deviceKindResource>;

/** What is absent stays as it is; what is null in `attributes` is taken away. */
export interface DeviceChange {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly vehicle?: string | undefined;
}

const path = (id: string): string => `api/devices/${encodeURIComponent(id)}`;

const bodyOf = ({ attributes = {}, vehicle }: DeviceChange, id?: string) => ({
  data: {
    type: "devices",
    ...(id !== undefined && { id }),
    attributes,
    ...(vehicle !== undefined && { relationships: { vehicle: { data: { type: "vehicles", id: vehicle } } } }),
  },
});

export async function loadDevice(id: string, abort: AbortSignal): Promise<DeviceResource> {
  return (await request<{ data: DeviceResource }>(path(id), { abort })).data;
}

export async function loadDeviceKinds(abort: AbortSignal): Promise<readonly DeviceKind[]> {
  return (await request<{ data: readonly DeviceKind[] }>("api/device-kinds", { abort })).data;
}

/** In a vehicle of its own when none is named. All of these throw RequestFailed. */
export const addDevice = (device: DeviceChange): Promise<unknown> =>
  request("api/devices", { method: "POST", body: bodyOf(device) });

/** Takes in what was found. */
export const adoptDevice = (id: string, device: DeviceChange): Promise<unknown> =>
  request(path(id), { method: "POST", body: bodyOf(device, id) });

export const changeDevice = (id: string, change: DeviceChange): Promise<unknown> =>
  request(path(id), { method: "PATCH", body: bodyOf(change, id) });

/** What it measured is kept. */
export const removeDevice = (id: string): Promise<unknown> => request(path(id), { method: "DELETE" });

export const actOn = (id: string, action: "reconnect" | "enable" | "disable"): Promise<unknown> =>
  request(`${path(id)}/actions/${action}`, { method: "POST" });
