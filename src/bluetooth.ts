import type { BleAdapter } from "#domain/ble.ts";
import type { Clock } from "#domain/clock.ts";
import type { Environment } from "#hub/settings/overrides.ts";
import { openBle } from "#transports/ble/open-ble.ts";

const CORE = "http://supervisor/core";

/** Opens ways to Bluetooth LE by name; `auto` is Home Assistant's where Carport runs as its app, and BlueZ elsewhere. */
export function bluetooth(env: Environment, clock: Clock, connections?: () => number): (name: string) => BleAdapter {
  const token = env["SUPERVISOR_TOKEN"];
  const auto = token ? "home-assistant" : "bluez";
  const homeAssistant = token ? { url: CORE, token } : undefined;
  return (name) => openBle(name === "auto" ? auto : name, { clock, homeAssistant, connections });
}
