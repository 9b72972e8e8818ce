import type { z } from "zod";
import type { systemResource } from "#api/contract/resources.ts";
import { request } from "./request.ts";

type SystemResource = z.infer<typeof systemResource>;
export type System = SystemResource["attributes"];

export async function loadSystem(abort: AbortSignal): Promise<System> {
  return (await request<{ data: SystemResource }>("api/system", { abort })).data.attributes;
}
