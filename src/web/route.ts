/** A place in the page, as its address names it: `#/`, `#/vehicles/<id>`, `#/devices` … */
export type Route =
  | { readonly page: "garage" | "devices" | "settings" | "system" }
  | { readonly page: "vehicle"; readonly vehicle: string };

/** What names no page leads to the garage. */
export function routeOf(hash: string): Route {
  const vehicle = /^#\/vehicles\/([a-z0-9_-]+)$/.exec(hash)?.[1];
  if (vehicle !== undefined) return { page: "vehicle", vehicle };
  switch (hash) {
    case "#/devices":
      return { page: "devices" };
    case "#/settings":
      return { page: "settings" };
    case "#/system":
      return { page: "system" };
    default:
      return { page: "garage" };
  }
}
