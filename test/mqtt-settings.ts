import type { MqttSettings } from "#outlets/mqtt/mqtt.ts";

/** Settings for a broker without users and TLS, unless `change` says otherwise. */
export function settingsFor(
  { host, port }: { readonly host: string; readonly port: number },
  change: Partial<MqttSettings> = {},
): MqttSettings {
  const rest = { tls: false, username: "", password: "", prefix: "carport", discoveryPrefix: "homeassistant" };
  return { host, port, ...rest, ...change };
}
