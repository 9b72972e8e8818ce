import { upgradeWebSocket } from "@hono/node-server";
import { createRoute, z } from "@hono/zod-openapi";
import { WebSocket } from "ws";
import { CarportError } from "#domain/error.ts";
import { isVehicleId } from "#domain/ids.ts";
import type { ApiApp } from "../app.ts";
import type { LiveStream } from "./live-stream.ts";
import { isSameOrigin } from "./same-origin.ts";

const route = createRoute({
  method: "get",
  path: "/api/live",
  summary: "Newest values as they come, over a WebSocket",
  request: { query: z.strictObject({ vehicle: z.string().optional().describe("Only this vehicle's; otherwise all") }) },
  responses: { 101: { description: "JSON text frames: garage, signals, values, time" } },
});

export function addLiveRoute(app: ApiApp, stream: LiveStream): void {
  app.openapi(route, (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new CarportError("API_NOT_A_WEBSOCKET", "api/live");
    }
    if (!isSameOrigin((name) => c.req.header(name))) throw new CarportError("API_ORIGIN_REFUSED", "api/live");
    if (stream.full) throw new CarportError("API_LIVE_FULL", "api/live");
    const { vehicle } = c.req.valid("query");
    if (vehicle !== undefined && !isVehicleId(vehicle)) throw new CarportError("API_NOT_FOUND", "vehicle");
    let remove: (() => void) | undefined;
    return upgradeWebSocket(c, {
      onOpen(_event, { raw }) {
        if (raw instanceof WebSocket) remove = stream.add(raw, vehicle);
      },
      onMessage(_event, socket) {
        socket.close(1008, "this stream only sends");
      },
      onClose() {
        remove?.();
      },
    });
  });
}
