import { createRoute, z } from "@hono/zod-openapi";
import type { FoundDevice } from "#domain/device.ts";
import { CarportError } from "#domain/error.ts";
import type { ApiApp } from "../app.ts";
import { type DiscoveryResource, discoveryResource, searchResource } from "../contract/resources.ts";
import {
  answer,
  checkIdentity,
  failures,
  JSON_API,
  jsonApiHeaders,
  linker,
  listAnswer,
  noQuery,
  resourceBody,
} from "../json-api.ts";
import { listQuery, pageFrame, pageOf, sorted } from "../listing.ts";
import { type Owner, shownSettings } from "../owner.ts";

const sortFields = {
  id: ({ id }: FoundDevice) => id,
  name: ({ name }: FoundDevice) => name,
  kind: ({ kind }: FoundDevice) => kind,
  foundAt: ({ foundAt }: FoundDevice) => foundAt,
};
const params = z.object({ discovery: z.string() });

const list = createRoute({
  method: "get",
  path: "/api/discoveries",
  summary: "Devices that were found and wait for their owner. POST /api/devices/{id} takes one in",
  request: {
    query: listQuery(Object.keys(sortFields), { "filter[ignored]": z.enum(["true", "false"]).optional() }),
  },
  responses: { ...listAnswer(discoveryResource, "What was found"), ...failures.invalid },
});

const one = createRoute({
  method: "get",
  path: "/api/discoveries/{discovery}",
  summary: "A device that was found",
  request: { params, query: noQuery },
  responses: { ...answer(discoveryResource, "What was found"), ...failures.invalid, ...failures.notFound },
});

const update = createRoute({
  method: "patch",
  path: "/api/discoveries/{discovery}",
  summary: "Ignore what was found, or no longer",
  request: {
    params,
    query: noQuery,
    body: resourceBody(z.strictObject({ ignored: z.boolean() }), z.strictObject({}).optional()),
  },
  responses: { ...answer(discoveryResource, "What was found"), ...failures.edit },
});

const searching = createRoute({
  method: "get",
  path: "/api/searches/current",
  summary: "Whether a search is under way, and how the last one went",
  request: { query: noQuery },
  responses: { ...answer(searchResource, "The search"), ...failures.invalid },
});

const search = createRoute({
  method: "post",
  path: "/api/searches",
  summary: "Search now; joins the search that is under way",
  request: { query: noQuery },
  responses: {
    202: { description: "It searches", content: { [JSON_API]: { schema: z.object({ data: searchResource }) } } },
    ...failures.edit,
  },
});

export function addDiscoveryRoutes(app: ApiApp, owner: Owner): void {
  const { garage, kinds } = owner;
  const describe = (found: FoundDevice, link: (path: string) => string): DiscoveryResource => ({
    type: "discoveries",
    id: found.id,
    attributes: {
      name: found.name,
      kind: found.kind,
      evidence: found.evidence,
      foundAt: new Date(found.foundAt).toISOString(),
      ignored: found.ignored,
      settings: shownSettings(kinds.get(found.kind), found.settings),
    },
    links: { self: link(`/api/discoveries/${found.id}`) },
  });
  const find = (id: string): FoundDevice => {
    const found = garage.found().find((each) => each.id === id);
    if (!found) throw new CarportError("DISCOVERY_UNKNOWN", id.slice(0, 64));
    return found;
  };
  const state = () => {
    const { searching: now, lastAt, faults } = garage.searching;
    return {
      type: "searches" as const,
      id: "current" as const,
      attributes: {
        searching: now,
        lastAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
        faults: faults.map(({ code, message, nextStep }) => ({ code, message, nextStep })),
      },
    };
  };

  app.openapi(list, (c) => {
    const query = c.req.valid("query");
    const ignored = query["filter[ignored]"];
    const found = garage.found().filter((each) => ignored === undefined || String(each.ignored) === ignored);
    const link = linker(c.req.header("x-ingress-path"));
    const data = pageOf(sorted(found, query, sortFields), query).map((each) => describe(each, link));
    return c.json({ data, ...pageFrame(c, query, found.length) }, 200, jsonApiHeaders);
  });
  app.openapi(one, (c) => {
    const found = find(c.req.valid("param").discovery);
    return c.json({ data: describe(found, linker(c.req.header("x-ingress-path"))) }, 200, jsonApiHeaders);
  });
  app.openapi(update, async (c) => {
    const { id } = find(c.req.valid("param").discovery);
    const { data } = c.req.valid("json");
    checkIdentity(data, "discoveries", id);
    await garage.ignore(id, data.attributes.ignored);
    return c.json({ data: describe(find(id), linker(c.req.header("x-ingress-path"))) }, 200, jsonApiHeaders);
  });
  app.openapi(searching, (c) => c.json({ data: state() }, 200, jsonApiHeaders));
  app.openapi(search, (c) => {
    void garage.search();
    return c.json({ data: state() }, 202, jsonApiHeaders);
  });
}
