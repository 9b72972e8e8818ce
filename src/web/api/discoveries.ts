import type { z } from "zod";
import type { DiscoveryResource, searchResource } from "#api/contract/resources.ts";
import { request } from "./request.ts";

export type Search = z.infer<typeof searchResource>["attributes"];

export async function loadDiscoveries(abort: AbortSignal): Promise<readonly DiscoveryResource[]> {
  return (await request<{ data: readonly DiscoveryResource[] }>("api/discoveries", { abort })).data;
}

export async function loadSearch(abort: AbortSignal): Promise<Search> {
  return (await request<{ data: { attributes: Search } }>("api/searches/current", { abort })).data.attributes;
}

/** Begins a search, or joins the one that is under way. All of these throw RequestFailed. */
export const startSearch = (): Promise<unknown> => request("api/searches", { method: "POST" });

export const ignoreDiscovery = (id: string, ignored: boolean): Promise<unknown> =>
  request(`api/discoveries/${encodeURIComponent(id)}`, {
    method: "PATCH",
    body: { data: { type: "discoveries", id, attributes: { ignored } } },
  });
