import { access, readdir } from "node:fs/promises";
import type { Surroundings } from "#api/contract/surroundings.ts";
import { CarportError, type ErrorCode, toCarportError } from "#domain/error.ts";
import {
  homeAssistantLocale,
  loadedIntegrations,
  offeredBroker,
  type SupervisorAccess,
} from "#home-assistant/supervisor.ts";
import { canInterfaces } from "#transports/can-interfaces.ts";
import { serialPorts } from "#transports/serial/serial-ports.ts";
import { guessUses } from "#transports/serial/serial-uses.ts";

export interface Places {
  /** The Supervisor; undefined outside Home Assistant. */
  readonly supervisor: Pick<SupervisorAccess, "url" | "token"> | undefined;
  /** Where these are mounted. */
  readonly dev?: string;
  readonly sys?: string;
  readonly run?: string;
}

/** Looks at everything an owner could begin with; what cannot be seen has its reason. Opens and sends nothing. */
export async function lookAround(places: Places, signal: AbortSignal): Promise<Surroundings> {
  const { dev = "/dev", sys = "/sys", run = "/run" } = places;
  const supervisor = places.supervisor && { ...places.supervisor, signal };
  const [locale, broker, ports, interfaces, throughCore, throughBluez] = await Promise.all([
    supervisor && homeAssistantLocale(supervisor).catch(() => undefined),
    offer(supervisor),
    serialPorts(dev, sys),
    canInterfaces(sys),
    bluetoothOfHomeAssistant(supervisor),
    bluetoothOfSystem(sys, run),
  ]);
  return {
    homeAssistant: locale ? { timeZone: locale.timeZone ?? null, language: locale.language ?? null } : null,
    broker,
    serialPorts: ports.map((port) => ({ ...port, usbId: port.usbId ?? null, uses: [...guessUses(port)] })),
    canInterfaces: interfaces.map(({ name, up, bitrate }) => ({
      name,
      up,
      bitrate: bitrate ?? null,
      fault: up ? null : fault("CAN_INTERFACE_DOWN", name),
    })),
    bluetooth: [
      { way: "home-assistant", fault: throughCore },
      { way: "bluez", fault: throughBluez },
    ],
  };
}

async function offer(supervisor: SupervisorAccess | undefined): Promise<Surroundings["broker"]> {
  if (!supervisor) return { offered: null, fault: fault("NOT_IN_HOME_ASSISTANT", "MQTT") };
  try {
    const broker = await offeredBroker(supervisor);
    if (!broker) return { offered: null, fault: fault("BROKER_NOT_OFFERED", "MQTT") };
    const { host, port, tls } = broker;
    return { offered: { host, port, tls }, fault: null };
  } catch (error) {
    return { offered: null, fault: told(toCarportError(error, "MQTT")) };
  }
}

async function bluetoothOfHomeAssistant(supervisor: SupervisorAccess | undefined) {
  const way = "home-assistant";
  if (!supervisor) return fault("NOT_IN_HOME_ASSISTANT", way);
  try {
    const integrations = await loadedIntegrations(supervisor);
    return integrations?.has("bluetooth") ? null : fault("HOME_ASSISTANT_BLUETOOTH_MISSING", way);
  } catch {
    return fault("HOME_ASSISTANT_AWAY", way);
  }
}

async function bluetoothOfSystem(sys: string, run: string) {
  const reachable = await access(`${run}/dbus/system_bus_socket`).then(
    () => true,
    () => false,
  );
  if (!reachable) return fault("BLUEZ_MISSING", "bluez");
  const entries = await readdir(`${sys}/class/bluetooth`).catch(() => []);
  return entries.some((name) => /^hci\d+$/.test(name)) ? null : fault("BLE_ADAPTER_MISSING", "bluez");
}

const fault = (code: ErrorCode, subject: string) => told(new CarportError(code, subject));

const told = ({ code, message, nextStep }: CarportError) => ({ code, message, nextStep });
