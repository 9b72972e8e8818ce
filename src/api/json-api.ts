import { z } from "@hono/zod-openapi";
import { errorDocument } from "./contract/resources.ts";

/** https://jsonapi.org/format/1.1/#jsonapi-media-type */
export const JSON_API = "application/vnd.api+json";

/** Third argument of `c.json`. */
export const jsonApiHeaders = { "content-type": JSON_API, "cache-control": "no-store" };

const failure = (description: string) => ({
  description,
  content: { [JSON_API]: { schema: errorDocument } },
});

export const failures = {
  notFound: { 404: failure("No such resource") },
  invalid: { 400: failure("A parameter is wrong; `source.parameter` says which") },
} as const;

/** An answer with one resource, or with a list of them, as its primary data. */
export const answer = <Data extends z.ZodType>(data: Data, description: string) => ({
  200: { description, content: { [JSON_API]: { schema: z.object({ data }) } } },
});

/** What the query of a route without parameters is checked with: JSON:API refuses parameters it does not know. */
export const noQuery = z.strictObject({});

/** `/api/…` as the client must call it: below ingress the browser's paths carry a prefix that ours do not. */
export function linker(ingressPath: string | undefined): (path: string) => string {
  const prefix = ingressPath !== undefined && /^(\/[\w.~-]+)+$/.test(ingressPath) ? ingressPath : "";
  return (path) => prefix + path;
}
