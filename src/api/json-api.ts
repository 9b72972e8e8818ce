import { z } from "@hono/zod-openapi";
import { CarportError } from "#domain/error.ts";
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
  edit: {
    400: failure("A parameter is wrong, or the body is no JSON"),
    403: failure("An id was sent for what is to be made, or another site's page asks"),
    404: failure("No such resource, or one that the document refers to"),
    409: failure("The type or the id is not that of the address, or the resource is in use"),
    415: failure("The body is not of the type application/vnd.api+json"),
    422: failure("A value is refused; `source.pointer` says which"),
    503: failure("It could not be saved"),
  },
} as const;

/** An answer with one resource, or with a list of them, as its primary data. */
export const answer = <Data extends z.ZodType>(data: Data, description: string) => ({
  200: { description, content: { [JSON_API]: { schema: z.object({ data }) } } },
});

/** An answer with a page of a list. */
export const listAnswer = <Data extends z.ZodType>(data: Data, description: string) => ({
  200: {
    description,
    content: { [JSON_API]: { schema: z.object({ data: z.array(data), meta: pageMeta, links: pageLinks }) } },
  },
});

const pageMeta = z.object({ total: z.number(), limit: z.number(), offset: z.number() });
const page = z.string().nullable();
const pageLinks = z.object({ self: z.string(), first: z.string(), prev: page, next: page, last: z.string() });

/** An answer with what was made; its address is in `Location`. */
export const created = <Data extends z.ZodType>(data: Data, description: string) => ({
  201: { description, content: { [JSON_API]: { schema: z.object({ data }) } } },
});

export const noContent = { 204: { description: "Done" } } as const;

/** A request's body with one resource. Its type and id are checked by `checkIdentity`, which knows the address. */
export const resourceBody = <Attributes extends z.ZodType, Relationships extends z.ZodType>(
  attributes: Attributes,
  relationships: Relationships,
) => ({
  required: true,
  content: {
    [JSON_API]: {
      schema: z.object({
        data: z.strictObject({
          type: z.string(),
          id: z.string().optional(),
          attributes,
          relationships,
          links: z.unknown().optional(),
          meta: z.unknown().optional(),
        }),
      }),
    },
  },
});

/** To-one relationship; null takes it away. */
export const linkageBody = z.strictObject({ data: z.strictObject({ type: z.string(), id: z.string() }).nullable() });

/** Throws API_CONFLICT, and API_CLIENT_ID_REFUSED for an id of something that is to be made (`id` absent). */
export function checkIdentity(
  data: { readonly type: string; readonly id?: string | undefined },
  type: string,
  id?: string,
): void {
  if (data.type !== type) throw new CarportError("API_CONFLICT", `data.type, which is ${type} here`);
  if (id === undefined && data.id !== undefined) throw new CarportError("API_CLIENT_ID_REFUSED", "data.id");
  if (id !== undefined && data.id !== id) throw new CarportError("API_CONFLICT", `data.id, which is ${id} here`);
}

/** What the query of a route without parameters is checked with: JSON:API refuses parameters it does not know. */
export const noQuery = z.strictObject({});

/** `/api/…` as the client must call it: below ingress the browser's paths carry a prefix that ours do not. */
export function linker(ingressPath: string | undefined): (path: string) => string {
  const prefix = ingressPath !== undefined && /^(\/[\w.~-]+)+$/.test(ingressPath) ? ingressPath : "";
  return (path) => prefix + path;
}
