import type { z } from "zod";
import type { configResource } from "#api/contract/resources.ts";
import { request } from "./request.ts";

export type Config = z.infer<typeof configResource>;

export async function loadConfig(abort?: AbortSignal): Promise<Config> {
  return (await request<{ data: Config }>("api/system/config", abort ? { abort } : {})).data;
}

/** What is null goes back to its default. Throws RequestFailed. */
export async function changeConfig(attributes: Readonly<Record<string, unknown>>): Promise<Config> {
  const body = { data: { type: "configs", id: "carport", attributes } };
  return (await request<{ data: Config }>("api/system/config", { method: "PATCH", body })).data;
}
