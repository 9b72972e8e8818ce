import type { Device } from "#domain/device.ts";
import type { LinkName } from "#domain/doctor-links.ts";
import { CarportError, type ErrorCode } from "#domain/error.ts";
import type { Latest } from "./garage.ts";

/** `rests`: in order, and silent because the car is off or away. `unknown`: cannot be told now. */
export type LinkState = "works" | "rests" | "broken" | "unknown";

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
}

export interface ChainLink {
  readonly name: LinkName;
  readonly state: LinkState;
  /** What was seen, for a person. */
  readonly seen: string;
  /** With `broken`, and with `unknown` where something can be done to know. */
  readonly fault?: Fault;
}

/** What is found out about a device and everything behind it, all at one moment. */
export interface Evidence {
  /** UTC ms. */
  readonly now: number;
  readonly device: Device;
  readonly latest: Iterable<Latest>;
  /** Why its adapter cannot be used, by a look at the adapter itself. */
  readonly adapterFault?: CarportError | undefined;
  readonly store: {
    /** UTC ms of the newest sample that is kept of the device. */
    readonly newest: number | undefined;
    readonly fault: CarportError | undefined;
  };
  readonly broker: {
    readonly state: "off" | "connecting" | "connected" | "waiting";
    readonly fault?: Fault | undefined;
  };
  /** What Home Assistant last said at the broker since Carport is connected. */
  readonly homeAssistant: "online" | "offline" | undefined;
  /** Whether it has its integration MQTT, where it can be asked. */
  readonly hasMqtt?: boolean | undefined;
}

/** The chain from the adapter to Home Assistant, each link with what was seen of it. */
export function examine(evidence: Evidence): readonly ChainLink[] {
  return [adapter(evidence), bus(evidence), source(evidence), carport(evidence), broker(evidence), core(evidence)];
}

/** What is to be mended first. */
export const firstBroken = (links: readonly ChainLink[]): ChainLink | undefined =>
  links.find(({ state }) => state === "broken");

/** Faults of a device that are not the bus's. */
const placed: ReadonlyMap<string, LinkName> = new Map<ErrorCode, LinkName>([
  ...(
    [
      "CAN_INTERFACE_MISSING",
      "CAN_INTERFACE_DOWN",
      "CAN_INTERFACE_NOT_CAN",
      "CAN_NOT_SUPPORTED",
      "BLE_ADAPTER_UNKNOWN",
      "BLE_ADAPTER_MISSING",
      "BLE_ADAPTER_OFF",
      "BLE_ADAPTER_BUSY",
      "BLE_ADAPTER_REFUSED",
      "BLUEZ_MISSING",
      "BLE_BRIDGE_MISSING",
      "BLE_BRIDGE_OUTDATED",
      "HOME_ASSISTANT_AWAY",
      "HOME_ASSISTANT_TOKEN_REFUSED",
      "HOME_ASSISTANT_BLUETOOTH_MISSING",
    ] as const
  ).map((code) => [code, "adapter"] as const),
  ["MONITOR_UNKNOWN", "source"],
  ["MONITOR_SILENT", "source"],
  ["INTERNAL", "carport"],
  ["DEVICE_HUNG", "carport"],
]);

function deviceFault({ status }: Device, link: LinkName): Fault | undefined {
  const { fault } = status;
  return fault && (placed.get(fault.code) ?? "bus") === link ? fault : undefined;
}

function adapter({ device, adapterFault }: Evidence): ChainLink {
  const name = "adapter";
  const { record, status } = device;
  if (!record.enabled) return broken(name, new CarportError("DEVICE_SWITCHED_OFF", record.name));
  const fault = adapterFault ?? deviceFault(device, name);
  if (fault) return broken(name, fault);
  if (status.state === "configured") return { name, state: "unknown", seen: "Carport has not opened it yet" };
  if (status.state === "connecting") return { name, state: "unknown", seen: "it is being opened" };
  return { name, state: "works", seen: "it is there and can be used" };
}

function bus(evidence: Evidence): ChainLink {
  const name = "bus";
  const { device, now } = evidence;
  const fault = deviceFault(device, name);
  if (fault) return broken(name, fault);
  switch (device.status.state) {
    case "connected":
      return { name, state: "works", seen: `readings arrive, the newest ${age(device.status.lastSeen, now)}` };
    case "asleep":
      return { name, state: "rests", seen: `silent since ${age(device.status.since, now)}: off or away` };
    case "discovered":
    case "configured":
    case "connecting":
    case "disconnected":
    case "error":
      return { name, state: "unknown", seen: "nothing can be heard before the link before it works" };
  }
}

function source({ device, latest, now }: Evidence): ChainLink {
  const name = "source";
  const fault = deviceFault(device, name);
  if (fault) return broken(name, fault);
  const { identity, state, since } = device.status;
  const what = [identity.manufacturer, identity.model].filter((word) => word !== undefined).join(" ");
  const known = what === "" ? "" : `${what}: `;
  let newest = Number.NEGATIVE_INFINITY;
  for (const { signal, time } of latest) if (signal.subject === "vehicle") newest = Math.max(newest, time);
  if (Number.isFinite(newest)) {
    return { name, state: state === "connected" ? "works" : "rests", seen: `${known}newest value ${age(newest, now)}` };
  }
  if (state !== "connected") return { name, state: "unknown", seen: "it has not been heard yet" };
  if (now - since < RECOGNITION_MS) return { name, state: "unknown", seen: `${known}no value yet` };
  return broken(name, new CarportError("SOURCE_NOT_RECOGNISED", device.record.name));
}

/** A car sends everything at least once within this time. */
const RECOGNITION_MS = 30_000;

function carport({ device, store, now }: Evidence): ChainLink {
  const name = "carport";
  const fault = deviceFault(device, name) ?? store.fault;
  if (fault) return broken(name, fault);
  if (store.newest === undefined) return { name, state: "unknown", seen: "nothing has come that could be kept" };
  return { name, state: "works", seen: `kept, the newest ${age(store.newest, now)}` };
}

function broker({ broker: { state, fault } }: Evidence): ChainLink {
  const name = "broker";
  if (state === "off") return broken(name, fault ?? new CarportError("BROKER_NOT_OFFERED", "MQTT"));
  if (fault) return broken(name, fault);
  if (state === "connected") return { name, state: "works", seen: "connected" };
  return { name, state: "unknown", seen: "Carport is connecting" };
}

function core({ broker: { state }, homeAssistant, hasMqtt }: Evidence): ChainLink {
  const name = "home-assistant";
  if (hasMqtt === false) return broken(name, new CarportError("HOME_ASSISTANT_MQTT_MISSING", "Home Assistant"));
  if (state !== "connected") return { name, state: "unknown", seen: "cannot be heard without the broker" };
  switch (homeAssistant) {
    case "online":
      return { name, state: "works", seen: "it has said at the broker that it is there" };
    case "offline":
      return broken(name, new CarportError("HOME_ASSISTANT_LEFT", "Home Assistant"));
    case undefined: {
      if (hasMqtt) return { name, state: "works", seen: "it runs and has MQTT" };
      const unheard = new CarportError("HOME_ASSISTANT_UNHEARD", "Home Assistant");
      return { name, state: "unknown", seen: "it has said nothing yet", fault: asFault(unheard) };
    }
  }
}

const broken = (name: LinkName, fault: Fault): ChainLink => ({
  name,
  state: "broken",
  seen: fault.message,
  fault: asFault(fault),
});

const asFault = ({ code, message, nextStep }: Fault): Fault => ({ code, message, nextStep });

function age(time: number | undefined, now: number): string {
  if (time === undefined) return "at an unknown time";
  const seconds = Math.max(0, Math.round((now - time) / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}
