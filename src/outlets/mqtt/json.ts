/** Undefined for what is not JSON, as everything that comes from a broker may be. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
