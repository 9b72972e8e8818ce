import type { MiddlewareHandler } from "hono";
import { CarportError } from "#domain/error.ts";
import { JSON_API } from "./json-api.ts";
import { isSameOrigin } from "./live/same-origin.ts";

/** Answered in other formats, for other clients. */
const OTHERS = new Set(["/api/health", "/api/live", "/api/openapi.json"]);
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The duties of a server towards media types (https://jsonapi.org/format/1.1/#content-negotiation-servers), and that no
 * other site's page changes anything through its visitor's browser.
 */
export const negotiate: MiddlewareHandler = async (c, next) => {
  if (!c.req.path.startsWith("/api/") || OTHERS.has(c.req.path)) return next();
  const accepted = mediaTypes(c.req.header("accept") ?? "").filter(({ type }) => type === JSON_API);
  if (accepted.length > 0 && !accepted.some(isPlain)) throw new CarportError("API_NOT_ACCEPTABLE", "Accept");
  if (SAFE.has(c.req.method)) return next();

  const header = (name: string) => c.req.header(name);
  if (!isSameOrigin(header)) throw new CarportError("API_ORIGIN_REFUSED", "Origin");
  const hasBody = Number(header("content-length") ?? 0) > 0 || header("transfer-encoding") !== undefined;
  const sent = header("content-type");
  const [type, ...others] = mediaTypes(sent ?? "");
  const understood = type?.type === JSON_API && isPlain(type) && others.length === 0;
  if ((hasBody || sent !== undefined) && !understood)
    throw new CarportError("API_MEDIA_TYPE_UNSUPPORTED", "Content-Type");
  return next();
};

interface MediaType {
  readonly type: string;
  readonly parameters: readonly string[];
}

/** `profile` may be ignored; an `ext` that is not known, and any other parameter, may not. `q` is Accept's own. */
const isPlain = ({ parameters }: MediaType): boolean => parameters.every((name) => name === "profile" || name === "q");

/** A quoted parameter may hold commas and semicolons: it is emptied before the list is taken apart. */
const mediaTypes = (header: string): readonly MediaType[] =>
  header
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      return { type, parameters: parameters.map((parameter) => parameter.split("=")[0]?.trim() ?? "") };
    });
