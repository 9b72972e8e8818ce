import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { linker } from "./json-api.ts";

interface Order {
  readonly field: string;
  readonly descending: boolean;
}

/** What `page`, `sort` and further parameters of a list may be (https://jsonapi.org/format/1.1/#fetching-sorting). */
export function listQuery<Filters extends z.ZodRawShape>(fields: readonly string[], filters: Filters, limit = 100) {
  return z.strictObject({
    "page[limit]": z.coerce.number().int().min(1).max(1_000).default(limit).describe("At most so many resources"),
    "page[offset]": z.coerce.number().int().min(0).max(1_000_000_000).default(0).describe("Leaves out so many"),
    sort: z
      .string()
      .default("")
      .transform((text, context) => orders(text, fields, context))
      .openapi({ type: "string", description: `One or more of ${fields.join(", ")}; with - before it, backwards` }),
    ...filters,
  });
}

/** The parameters that every list has, as they are once checked. */
export interface ListQuery {
  readonly "page[limit]": number;
  readonly "page[offset]": number;
  readonly sort: readonly Order[];
}

function orders(text: string, fields: readonly string[], context: z.RefinementCtx): readonly Order[] {
  const wanted = text === "" ? [] : text.split(",");
  return wanted.map((word) => {
    const descending = word.startsWith("-");
    const field = descending ? word.slice(1) : word;
    if (!fields.includes(field)) context.addIssue({ code: "custom", message: `sort by one of ${fields.join(", ")}` });
    return { field, descending };
  });
}

type Comparable = string | number;

/** Items in the order asked for; equal ones keep theirs. `values` has what each field stands for. */
export function sorted<T>(
  items: readonly T[],
  { sort }: Pick<ListQuery, "sort">,
  values: Readonly<Record<string, (item: T) => Comparable>>,
): readonly T[] {
  return [...items].sort((a, b) => {
    for (const { field, descending } of sort) {
      const of = values[field];
      const order = of ? compare(of(a), of(b)) : 0;
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

const compare = (a: Comparable, b: Comparable): number =>
  typeof a === "string" || typeof b === "string" ? String(a).localeCompare(String(b), "en", { numeric: true }) : a - b;

/** The page of a list that was asked for. */
export const pageOf = <T>(items: readonly T[], query: ListQuery): readonly T[] =>
  items.slice(query["page[offset]"], query["page[offset]"] + query["page[limit]"]);

/** `meta` and `links` of a list of `total` resources, of which one page is sent. */
export function pageFrame(c: Context, query: ListQuery, total: number) {
  const { "page[limit]": limit, "page[offset]": offset } = query;
  const url = new URL(c.req.url);
  const link = linker(c.req.header("x-ingress-path"));
  const at = (start: number) => {
    const parameters = new URLSearchParams(url.search);
    parameters.set("page[limit]", String(limit));
    parameters.set("page[offset]", String(start));
    return link(`${url.pathname}?${parameters}`);
  };
  return {
    meta: { total, limit, offset },
    links: {
      self: link(url.pathname + url.search),
      first: at(0),
      prev: offset > 0 ? at(Math.max(0, offset - limit)) : null,
      next: offset + limit < total ? at(offset + limit) : null,
      last: at(Math.max(0, Math.ceil(total / limit) - 1) * limit),
    },
  };
}
