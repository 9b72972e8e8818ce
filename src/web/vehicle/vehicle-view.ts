import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import type { Reading } from "../live/reading.ts";

/** What the vehicle is doing, in the order in which it decides. */
export type Mood = "driving" | "charging" | "parked" | "asleep" | "lost" | "fault" | "connecting" | "none";

/** Where power goes. `undefined` power is not known, which is not zero. */
export type Flow = "driving" | "regenerating" | "charging" | "drawing" | "idle" | "unknown";

/** A vehicle as a person sees it, whatever car and devices it comes from. Absent: the vehicle does not have it. */
export interface VehicleView {
  readonly mood: Mood;
  /** UTC ms: of the device whose state decides the mood. */
  readonly since: number | undefined;
  readonly flow: Flow;
  readonly charge: Reading | undefined;
  readonly power: Reading | undefined;
  readonly speed: Reading | undefined;
  readonly gear: Reading | undefined;
  readonly range: Reading | undefined;
  readonly charging: Reading | undefined;
  /** Voltage of the 12 V battery. */
  readonly auxiliary: Reading | undefined;
  /** Energy left in the battery. */
  readonly energy: Reading | undefined;
  readonly health: Reading | undefined;
  readonly temperatures: readonly Reading[];
}

interface Part {
  /** Keys that say it for certain, best first. */
  readonly keys: readonly string[];
  /** Otherwise: what it is by its class and group. */
  readonly deviceClass?: string;
  readonly group?: string;
}

const parts = {
  charge: { keys: ["state_of_charge", "soc"], deviceClass: "battery", group: "battery" },
  power: { keys: ["battery_power", "pack_power"], deviceClass: "power", group: "battery" },
  speed: { keys: ["speed", "vehicle_speed"], deviceClass: "speed", group: "drive" },
  gear: { keys: ["gear"] },
  range: { keys: ["range", "estimated_range", "remaining_range"] },
  charging: { keys: ["charging_state", "charge_state", "charge_status", "charging"] },
  auxiliary: { keys: [], deviceClass: "voltage", group: "12v" },
  energy: { keys: ["remaining_energy"] },
  health: { keys: ["state_of_health"] },
} satisfies Record<string, Part>;

/** Below it a car stands, and noise of the sensor is not a journey. */
const STANDS_KMH = 1;
/** Half an ampere, the step of many current sensors, at 400 V. */
const NO_POWER_KW = 0.25;

export function viewVehicle(vehicle: LiveVehicle, readings: readonly Reading[]): VehicleView {
  const own = readings.filter(({ signal }) => signal.subject === "vehicle");
  const found = {
    charge: find(own, parts.charge),
    power: find(own, parts.power),
    speed: find(own, parts.speed),
    gear: find(own, parts.gear),
    range: find(own, parts.range),
    charging: find(own, parts.charging),
    auxiliary: find(own, parts.auxiliary),
    energy: find(own, parts.energy),
    health: find(own, parts.health),
  };
  const decisive = decisiveDevice(vehicle.devices);
  const flow =
    decisive?.state === "connected" ? flowOf(found.power?.value, found.speed?.value, found.charging) : "idle";
  return {
    ...found,
    temperatures: own
      .filter(({ signal }) => signal.deviceClass === "temperature" && signal.enabled)
      // Not in the order in which the vehicle happened to send them.
      .sort((one, other) => one.signal.name.localeCompare(other.signal.name)),
    flow,
    mood: moodOf(decisive, flow, found.speed?.value),
    since: decisive?.since,
  };
}

function find(readings: readonly Reading[], part: Part): Reading | undefined {
  for (const key of part.keys) {
    const exact = newest(readings.filter(({ signal }) => signal.key === key));
    if (exact) return exact;
  }
  if (part.deviceClass === undefined) return undefined;
  const alike = readings.filter(({ signal }) => signal.deviceClass === part.deviceClass && signal.group === part.group);
  return newest(alike.filter(({ signal }) => signal.enabled)) ?? newest(alike);
}

/** Where two devices say the same, the one that spoke last. */
function newest(readings: readonly Reading[]): Reading | undefined {
  return readings.reduce<Reading | undefined>(
    (best, each) => ((each.time ?? 0) > (best?.time ?? -1) ? each : best),
    undefined,
  );
}

const decisiveStates = [
  "connected",
  "asleep",
  "disconnected",
  "error",
  "connecting",
  "configured",
  "discovered",
] as const;

function decisiveDevice(devices: readonly LiveDevice[]): LiveDevice | undefined {
  for (const state of decisiveStates) {
    const device = devices.find((each) => each.enabled && each.state === state);
    if (device) return device;
  }
  return undefined;
}

function flowOf(power: number | undefined, speed: number | undefined, charging: Reading | undefined): Flow {
  if (power === undefined) return "unknown";
  if (Math.abs(power) < NO_POWER_KW) return "idle";
  const moves = speed !== undefined && speed >= STANDS_KMH;
  if (power > 0) return moves || isCharging(charging) === false ? "regenerating" : "charging";
  return moves ? "driving" : "drawing";
}

/** As the vehicle itself says: "charging" and "quick charging", but not "not charging". Undefined: it does not say. */
function isCharging(reading: Reading | undefined): boolean | undefined {
  if (reading?.value === undefined) return undefined;
  const { signal, value } = reading;
  if (signal.type === "boolean") return value !== 0;
  return /^(?!not\b).*\bcharging$/i.test(signal.states?.[value] ?? "");
}

function moodOf(device: LiveDevice | undefined, flow: Flow, speed: number | undefined): Mood {
  switch (device?.state) {
    case undefined:
      return "none";
    case "connected":
      if (speed !== undefined && speed >= STANDS_KMH) return "driving";
      return flow === "charging" ? "charging" : "parked";
    case "asleep":
      return "asleep";
    case "disconnected":
      return "lost";
    case "error":
      return "fault";
    case "connecting":
    case "configured":
    case "discovered":
      return "connecting";
  }
}
