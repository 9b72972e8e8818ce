import type { HistoryResource } from "#api/contract/resources.ts";

export interface HistoryRequest {
  readonly device: string;
  readonly signal: string;
  readonly vehicle: string;
  /** UTC, ms. */
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
}

/** Throws when the server cannot be reached or refuses. */
export async function loadHistory(
  { device, signal, vehicle, from, to, maxPoints }: HistoryRequest,
  abort: AbortSignal,
): Promise<HistoryResource["attributes"]> {
  const url = new URL(`api/devices/${device}/signals/${signal}/history`, document.baseURI);
  url.searchParams.set("filter[from]", new Date(from).toISOString());
  url.searchParams.set("filter[to]", new Date(to).toISOString());
  url.searchParams.set("filter[vehicle]", vehicle);
  url.searchParams.set("maxPoints", String(maxPoints));
  const answer = await fetch(url, { signal: abort });
  if (!answer.ok) throw new Error(`history: ${answer.status}`);
  // The server that served this page keeps to its own contract.
  const { data } = (await answer.json()) as { data: HistoryResource };
  return data.attributes;
}
