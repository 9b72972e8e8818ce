import { createRoute, z } from "@hono/zod-openapi";
import { firstBroken } from "#hub/doctor.ts";
import type { Garage } from "#hub/garage.ts";
import type { ApiApp } from "../app.ts";
import { examination } from "../contract/workshop.ts";
import { answer, failures, jsonApiHeaders, noQuery } from "../json-api.ts";
import { findDevice } from "../routes/devices.ts";
import type { Workshop } from "./workshop.ts";

const route = createRoute({
  method: "get",
  path: "/api/devices/{device}/doctor",
  summary: "The way of a device's readings, from its adapter to Home Assistant, each link checked now",
  request: { params: z.object({ device: z.string() }), query: noQuery },
  responses: { ...answer(examination, "The links in their order"), ...failures.invalid, ...failures.notFound },
});

export function addDoctorRoute(app: ApiApp, garage: Garage, workshop: Pick<Workshop, "examine">): void {
  app.openapi(route, async (c) => {
    const device = findDevice(garage, c.req.valid("param").device);
    const links = await workshop.examine(device);
    const attributes = {
      firstBroken: firstBroken(links)?.name ?? null,
      links: links.map((link) => ({ ...link, fault: link.fault ?? null })),
    };
    return c.json({ data: { type: "examinations" as const, id: device.record.id, attributes } }, 200, jsonApiHeaders);
  });
}
