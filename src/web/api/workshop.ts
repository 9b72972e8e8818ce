import type { ExaminationResource, LogEntryResource } from "#api/contract/workshop.ts";
import { request } from "./request.ts";

export type Examination = ExaminationResource["attributes"];
export type LogLevel = LogEntryResource["attributes"]["level"];

/** Newest first. All of these throw RequestFailed. */
export async function loadLog(level: LogLevel, abort: AbortSignal): Promise<readonly LogEntryResource[]> {
  const path = `api/log?${new URLSearchParams({ "filter[level]": level })}`;
  return (await request<{ data: readonly LogEntryResource[] }>(path, { abort })).data;
}

/** Looks at each link of the way from the device to Home Assistant now. */
export async function examineDevice(id: string): Promise<Examination> {
  return (await request<{ data: ExaminationResource }>(`api/devices/${encodeURIComponent(id)}/doctor`)).data.attributes;
}
