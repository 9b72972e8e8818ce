import { CarportError, type ErrorCode } from "#domain/error.ts";

/** Names of what went wrong, in the words of Node and OpenSSL. */
const unknownHost = /^(ENOTFOUND|EAI_)/;
const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM)$/;

/** CONNACK return codes of MQTT 3.1.1 (section 3.2.2.3) and reason codes of MQTT 5 (3.2.2.2, 3.14.2.1). */
const refusals: Readonly<Record<number, ErrorCode>> = {
  1: "MQTT_VERSION_REFUSED",
  4: "MQTT_AUTH_REFUSED",
  5: "MQTT_AUTH_REFUSED",
  129: "MQTT_PROTOCOL_ERROR",
  130: "MQTT_PROTOCOL_ERROR",
  132: "MQTT_VERSION_REFUSED",
  134: "MQTT_AUTH_REFUSED",
  135: "MQTT_AUTH_REFUSED",
  140: "MQTT_AUTH_REFUSED",
  149: "MQTT_PACKET_TOO_LARGE",
};

/** How far the connection had come. */
export interface Progress {
  readonly tls: boolean;
  /** It stood, with TLS where asked for. */
  readonly reached: boolean;
  /** The broker had accepted us. */
  readonly accepted: boolean;
}

/** Why there is no connection to the broker, or no longer. `reason`: what mqtt.js reported; undefined when nothing. */
export function linkFault(reason: unknown, broker: string, progress: Progress): CarportError {
  return new CarportError(faultCode(reason, progress), broker, { cause: reason });
}

function faultCode(reason: unknown, { tls, reached, accepted }: Progress): ErrorCode {
  const code = codeOf(reason);
  if (typeof code === "number") return refusals[code] ?? (accepted ? "MQTT_CONNECTION_LOST" : "MQTT_REFUSED");
  if (accepted) return "MQTT_CONNECTION_LOST";
  if (reached) return isGarbage(reason) ? "MQTT_PROTOCOL_ERROR" : "MQTT_NO_GREETING";
  if (code === undefined) return "MQTT_UNREACHABLE";
  if (unknownHost.test(code)) return "MQTT_UNKNOWN_HOST";
  if (unreachable.test(code)) return "MQTT_UNREACHABLE";
  return tls ? "MQTT_TLS_FAILED" : "MQTT_UNREACHABLE";
}

/** The parser's errors have no code, nor has the time-out that tells nothing came at all. */
const isGarbage = (reason: unknown): boolean =>
  reason instanceof Error && codeOf(reason) === undefined && reason.message !== "connack timeout";

function codeOf(reason: unknown): string | number | undefined {
  if (typeof reason !== "object" || reason === null || !("code" in reason)) return undefined;
  return typeof reason.code === "string" || typeof reason.code === "number" ? reason.code : undefined;
}
