import type { Surroundings } from "#api/contract/surroundings.ts";
import { request } from "./request.ts";

export async function loadSurroundings(abort: AbortSignal): Promise<Surroundings> {
  return (await request<{ data: { attributes: Surroundings } }>("api/surroundings", { abort })).data.attributes;
}
