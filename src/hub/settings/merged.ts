/**
 * `change` laid over `document`: what is null is taken away, objects are merged within, anything else is replaced. Neither
 * is changed.
 */
export function merged(document: unknown, change: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = new Map(isObject(document) ? Object.entries(document) : []);
  for (const [key, value] of Object.entries(change)) {
    if (value === null) result.delete(key);
    else result.set(key, isObject(value) ? merged(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
