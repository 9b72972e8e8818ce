export function ascending(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if ((times[i] ?? 0) < (times[i - 1] ?? 0)) return false;
  return true;
}

/** Where each row of the sorted order is taken from; equal times keep their order. */
export function stableOrder(times: Float64Array): Uint32Array {
  return Uint32Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
}

export function permuted(column: Float64Array, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (from) => column[from] ?? 0);
}
