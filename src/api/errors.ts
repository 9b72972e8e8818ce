import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { CarportError, type ErrorCode, toCarportError } from "#domain/error.ts";
import { errorTexts } from "#domain/error-texts.ts";
import { SettingsRefused } from "#hub/settings/document.ts";
import type { ErrorDocument } from "./contract/resources.ts";

type ErrorObject = ErrorDocument["errors"][number];

const statuses: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  API_NOT_FOUND: 404,
  API_METHOD_NOT_ALLOWED: 405,
  API_PARAMETER_INVALID: 400,
  API_REQUEST_INVALID: 400,
  API_VALUE_INVALID: 422,
  API_MEDIA_TYPE_UNSUPPORTED: 415,
  API_NOT_ACCEPTABLE: 406,
  API_CONFLICT: 409,
  API_CLIENT_ID_REFUSED: 403,
  API_BODY_TOO_LARGE: 413,
  API_NOT_A_WEBSOCKET: 426,
  API_ORIGIN_REFUSED: 403,
  API_LIVE_FULL: 503,
  ACCESS_REFUSED: 403,
  ACCESS_TOKEN_MISSING: 401,
  ACCESS_TOKEN_WRONG: 401,
  ACCESS_TOO_MANY_ATTEMPTS: 429,
  PAGE_NOT_BUILT: 503,
  DEVICE_UNKNOWN: 404,
  VEHICLE_UNKNOWN: 404,
  DISCOVERY_UNKNOWN: 404,
  VEHICLE_IN_USE: 409,
  VEHICLE_MERGED_WITH_ITSELF: 409,
  SETTINGS_REFUSED: 422,
  SETTINGS_NOT_SAVED: 503,
  STORE_RANGE_TOO_LARGE: 400,
};

/** Anything thrown while answering, as the status and the JSON:API document to answer with. */
export function toErrors(thrown: unknown): { status: ContentfulStatusCode; document: ErrorDocument } {
  const error =
    thrown instanceof HTTPException && thrown.status < 500
      ? new CarportError("API_REQUEST_INVALID", "the request", { cause: thrown })
      : toCarportError(thrown, "the API");
  const status = statuses[error.code] ?? 500;
  if (error instanceof SettingsRefused) return { status, document: refusalErrors(error, status) };
  const header = headers[error.code];
  const source = header === undefined ? {} : { source: { header } };
  return { status, document: { errors: [{ ...errorObject(error, status), ...source }] } };
}

/** Which header of the request an error is about. */
const headers: Partial<Record<ErrorCode, string>> = {
  API_MEDIA_TYPE_UNSUPPORTED: "Content-Type",
  API_NOT_ACCEPTABLE: "Accept",
  API_ORIGIN_REFUSED: "Origin",
};

/** The settings' own words, with the places in the document that was sent. */
function refusalErrors(error: SettingsRefused, status: number): ErrorDocument {
  return {
    errors: error.refusals.map(({ path, what }) => {
      // A device's or a vehicle's fields stand in a list of the file: devices[1].settings.bus
      const inResource = error.file === "system.json" ? path : path.slice(2);
      const within = inResource[0] === "vehicle" ? "relationships" : "attributes";
      return {
        ...errorObject(error, status),
        detail: what,
        source: { pointer: pointer(["data", within, ...inResource]) },
      };
    }),
  };
}

/** The faults zod found in a request's body. */
export function bodyErrors(issues: readonly z.core.$ZodIssue[]): ErrorDocument {
  return {
    errors: issues
      .flatMap((issue) =>
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => ({ path: [...issue.path, key], message: "there is no such member" }))
          : [issue],
      )
      .map(({ path, message }) => {
        const error = new CarportError("API_VALUE_INVALID", path.join("."));
        return { ...errorObject(error, 422), detail: message, source: { pointer: pointer(path) } };
      }),
  };
}

/** RFC 6901 */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");

/** The faults zod found in a request's parameters. */
export function parameterErrors(issues: readonly z.core.$ZodIssue[]): ErrorDocument {
  return {
    errors: issues.map((issue) => {
      const parameter = issue.code === "unrecognized_keys" ? issue.keys.join(", ") : issue.path.join(".");
      const error = new CarportError("API_PARAMETER_INVALID", parameter);
      return { ...errorObject(error, 400), detail: issue.message, source: { parameter } };
    }),
  };
}

const errorObject = (error: CarportError, status: number): ErrorObject => ({
  status: String(status),
  code: error.code,
  title: errorTexts[error.code].sentence,
  detail: error.message,
  meta: { nextStep: error.nextStep },
});
