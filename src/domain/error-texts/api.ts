import type { ErrorText } from "./error-text.ts";

/** The API and the page. */
export const apiErrors = {
  NOT_IN_HOME_ASSISTANT: {
    sentence: "Carport does not run as an app of Home Assistant, so Home Assistant cannot offer it",
    nextStep: "Install Carport as an app in Home Assistant, or set this up by hand.",
  },
  HTTP_PORT_BUSY: {
    sentence: "another program already uses this port",
    nextStep: "Stop the other program, or choose another port: http.port in system.json or CARPORT_HTTP_PORT.",
  },
  HTTP_ADDRESS_REFUSED: {
    sentence: "the system does not let Carport listen on this address",
    nextStep: "Correct http.host and http.port in system.json, or CARPORT_HTTP_HOST and CARPORT_HTTP_PORT.",
  },
  API_NOT_FOUND: {
    sentence: "there is nothing under this name",
    nextStep: "Look at api/vehicles and api/devices for the names there are, and at api/openapi.json for the routes.",
  },
  API_METHOD_NOT_ALLOWED: {
    sentence: "this method is not possible here",
    nextStep: "Use one of the methods in the answer's Allow header.",
  },
  API_PARAMETER_INVALID: {
    sentence: "the parameter is not understood",
    nextStep: "Correct the parameter; api/openapi.json lists what each route takes.",
  },
  API_VALUE_INVALID: {
    sentence: "the API takes no such value here",
    nextStep: "Correct the value that `source.pointer` names; see /api/openapi.json or /docs.",
  },
  API_MEDIA_TYPE_UNSUPPORTED: {
    sentence: "the API takes documents of the type application/vnd.api+json only, without extensions",
    nextStep: "Send the header Content-Type: application/vnd.api+json.",
  },
  API_NOT_ACCEPTABLE: {
    sentence: "the API answers in application/vnd.api+json without extensions, which the request does not accept",
    nextStep: "Send the header Accept: application/vnd.api+json.",
  },
  API_CONFLICT: {
    sentence: "the document does not fit the address it was sent to",
    nextStep: "Send the type and the id that belong to the address.",
  },
  API_CLIENT_ID_REFUSED: {
    sentence: "Carport gives the ids itself",
    nextStep: "Leave `data.id` out.",
  },
  API_REQUEST_INVALID: {
    sentence: "it could not be read",
    nextStep: "Correct the request; api/openapi.json lists what each route takes.",
  },
  API_BODY_TOO_LARGE: {
    sentence: "its body is larger than any that Carport takes",
    nextStep: "Send at most 64 KiB.",
  },
  API_NOT_A_WEBSOCKET: {
    sentence: "this address is for WebSockets only",
    nextStep: "Connect with a WebSocket; a proxy in between must pass the Upgrade header on.",
  },
  API_ORIGIN_REFUSED: {
    sentence: "a page of another site asked for the live values",
    nextStep: "Open Carport's own page. A proxy in between must keep the Host header.",
  },
  API_LIVE_FULL: {
    sentence: "too many pages are open",
    nextStep: "Close some of them; the others are not affected.",
  },
  ACCESS_REFUSED: {
    sentence: "it may not open Carport: only this machine and Home Assistant may",
    nextStep:
      "Open Carport in Home Assistant's sidebar. For other ways in, set http.token (CARPORT_HTTP_TOKEN) to 20 characters or more and open the address with ?token=… once.",
  },
  ACCESS_TOKEN_MISSING: {
    sentence: "it may open Carport with the token only",
    nextStep:
      "Open Carport's address with /?token=… once in this browser, or send Authorization: Bearer with the token.",
  },
  ACCESS_TOKEN_WRONG: {
    sentence: "this is not the token",
    nextStep: "Take it from http.token in system.json, or from CARPORT_HTTP_TOKEN.",
  },
  ACCESS_TOO_MANY_ATTEMPTS: {
    sentence: "too many wrong tokens came from there",
    nextStep: "Wait a minute, then try again with the right one.",
  },
  PAGE_NOT_BUILT: {
    sentence: "it has not been built, so only the API answers",
    nextStep: "Run npm start, which builds it, or node src/web/bundle.mjs.",
  },
} as const satisfies Record<string, ErrorText>;
