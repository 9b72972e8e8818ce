import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { CarportError, type ErrorCode, toCarportError } from "#domain/error.ts";
import { errorTexts } from "#domain/error-texts.ts";
import type { ErrorDocument } from "./contract/resources.ts";

type ErrorObject = ErrorDocument["errors"][number];

const statuses: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  API_NOT_FOUND: 404,
  API_METHOD_NOT_ALLOWED: 405,
  API_PARAMETER_INVALID: 400,
  API_REQUEST_INVALID: 400,
  API_BODY_TOO_LARGE: 413,
  API_NOT_A_WEBSOCKET: 426,
  API_ORIGIN_REFUSED: 403,
  API_LIVE_FULL: 503,
  PAGE_NOT_BUILT: 503,
};

/** Anything thrown while answering, as the status and the JSON:API document to answer with. */
export function toErrors(thrown: unknown): { status: ContentfulStatusCode; document: ErrorDocument } {
  const error =
    thrown instanceof HTTPException && thrown.status < 500
      ? new CarportError("API_REQUEST_INVALID", "the request", { cause: thrown })
      : toCarportError(thrown, "the API");
  const status = statuses[error.code] ?? 500;
  return { status, document: { errors: [errorObject(error, status)] } };
}

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
