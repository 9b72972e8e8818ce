import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import type { Clock } from "#domain/clock.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import type { Garage } from "#hub/garage.ts";
import type { SeriesStore } from "#store/series-store.ts";
import { type AccessOptions, accessControl } from "./access/access-control.ts";
import type { ChangeLog } from "./changes/change-log.ts";
import { addChangesRoute } from "./changes/changes-route.ts";
import { recordChanges } from "./changes/record-changes.ts";
import type { Surroundings } from "./contract/surroundings.ts";
import { bodyErrors, parameterErrors, toErrors } from "./errors.ts";
import { addSurroundingsRoute } from "./first-run/surroundings-route.ts";
import { jsonApiHeaders, linker } from "./json-api.ts";
import { addLiveRoute } from "./live/live-route.ts";
import type { LiveStream } from "./live/live-stream.ts";
import { negotiate } from "./media-type.ts";
import type { Owner } from "./owner.ts";
import { type readPageFiles, servePageFile } from "./page-files.ts";
import { addConfigRoutes } from "./routes/config.ts";
import { addDeviceEditRoutes } from "./routes/device-edits.ts";
import { addDeviceKindRoute } from "./routes/device-kinds.ts";
import { addDeviceRoutes } from "./routes/devices.ts";
import { addDiscoveryRoutes } from "./routes/discoveries.ts";
import { addHealthRoute } from "./routes/health.ts";
import { addHistoryRoute } from "./routes/history.ts";
import { addReadingRoute } from "./routes/readings.ts";
import { addSignalRoutes } from "./routes/signals.ts";
import { addSystemRoute } from "./routes/system.ts";
import { addVehicleEditRoutes } from "./routes/vehicle-edits.ts";
import { addVehicleRoutes } from "./routes/vehicles.ts";
import { addWorkshopRoutes, type Workshop } from "./workshop/workshop.ts";

export type ApiApp = OpenAPIHono;

export interface ApiContext {
  readonly garage: Garage;
  readonly store: SeriesStore;
  /** Absent: the API tells and changes nothing. */
  readonly owner?: Owner;
  /** Where it is written who changed what. */
  readonly changes?: ChangeLog;
  /** Sees what an owner could begin with. */
  readonly lookAround?: (signal: AbortSignal) => Promise<Surroundings>;
  /** Absent: nobody can look for faults here. */
  readonly workshop?: Workshop;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** State of the link to the broker in a few words and numbers, without credentials. */
  readonly mqttStatus?: () => Readonly<Record<string, string | number | boolean>>;
}

const MAX_BODY_BYTES = 64 * 1024;

/** All routes. Nothing here opens a socket. */
export function createApp(
  context: ApiContext,
  stream: LiveStream,
  page: Awaited<ReturnType<typeof readPageFiles>>,
  access: Pick<AccessOptions, "token" | "ingressAddress">,
): ApiApp {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const { issues } = result.error;
      if (result.target === "json") return c.json(bodyErrors(issues), 422, jsonApiHeaders);
      return c.json(parameterErrors(issues), 400, jsonApiHeaders);
    },
  });
  const refuse = (thrown: unknown) => {
    const { status, document } = toErrors(thrown);
    if (status === 500) context.log.error("a request failed", { error: thrown });
    return { status, document };
  };
  app.onError((error, c) => {
    const { status, document } = refuse(error);
    return c.json(document, status, jsonApiHeaders);
  });
  app.notFound((c) => {
    const { status, document } = refuse(new CarportError("API_NOT_FOUND", c.req.path.slice(0, 100)));
    return c.json(document, status, jsonApiHeaders);
  });
  app.use(securityHeaders);
  app.use(accessControl({ ...access, clock: context.clock, log: context.log }));
  if (context.changes) app.use(recordChanges(context.changes, context.clock));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const { status, document } = refuse(new CarportError("API_METHOD_NOT_ALLOWED", c.req.method));
        return c.json(document, status, { ...jsonApiHeaders, allow: methods.join(", ") });
      },
    }),
  );
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new CarportError("API_BODY_TOO_LARGE", "the request");
      },
    }),
  );

  app.use(negotiate);

  addVehicleRoutes(app, context);
  addDeviceRoutes(app, context);
  addSignalRoutes(app, context);
  addHistoryRoute(app, context);
  addReadingRoute(app, context);
  addSystemRoute(app, context, stream);
  addHealthRoute(app, context);
  addLiveRoute(app, stream);
  const { owner } = context;
  if (owner) {
    addVehicleEditRoutes(app, owner);
    addDeviceEditRoutes(app, context, owner);
    addDiscoveryRoutes(app, owner);
    addDeviceKindRoute(app, owner.kinds);
    addConfigRoutes(app, owner);
  }
  if (context.changes) addChangesRoute(app, context.changes);
  if (context.lookAround) addSurroundingsRoute(app, context.lookAround);
  if (context.workshop) addWorkshopRoutes(app, context.garage, context.workshop);
  app.doc31("/api/openapi.json", (c) => ({
    openapi: "3.1.0",
    info: { title: "Carport", version: context.version },
    servers: [{ url: linker(c.req.header("x-ingress-path"))("") || "/" }],
  }));

  for (const [path, file] of page) app.get(path, (c) => servePageFile(c, file));
  if (!page.has("/")) {
    app.get("/", () => {
      throw new CarportError("PAGE_NOT_BUILT", "the page");
    });
  }
  return app;
}

/** Home Assistant shows the page in a frame of its own origin, so framing by others stays forbidden. */
const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'self'"],
  },
  // Below ingress these would speak for all of Home Assistant: the host's TLS is not ours to decide.
  strictTransportSecurity: false,
  originAgentCluster: false,
  crossOriginOpenerPolicy: false,
});
