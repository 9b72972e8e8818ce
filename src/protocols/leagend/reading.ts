import { BLOCK, decrypt, type Model, models } from "./model.ts";

export type BatteryState = "normal" | "low" | "charging" | "critical" | "floating";

/** What a monitor says about its battery now. A part the packet does not carry is absent. */
export interface BatteryReading {
  /** V, resolution 0.01. */
  readonly voltage: number;
  /** °C, resolution 1. BM2 has no sensor for it. */
  readonly temperature?: number;
  /** %, the monitor's own estimate. */
  readonly stateOfCharge: number;
  /** Absent for a code nobody has explained. */
  readonly state?: BatteryState;
}

export type LivePacket =
  | { readonly type: "reading"; readonly reading: BatteryReading }
  /** The monitor heard the command; the values come in a later packet. */
  | { readonly type: "acknowledgement" }
  | { readonly type: "version"; readonly version: string }
  /** Well formed, but no battery has such values: counted, never shown. */
  | { readonly type: "implausible" };

const states67: readonly (BatteryState | undefined)[] = ["normal", "low", "charging"];
// 1 is "low" by its author, yet real monitors send it at 12.88 V and 100 %: it is left unnamed.
const states2: readonly (BatteryState | undefined)[] = ["critical", undefined, "normal", undefined, "charging"];
const FLOATING = 8;

/** The monitors are made for 12 V systems and run from about 5 V; a regulator gone wild stays below 20 V. */
export const plausibleVoltage = (volts: number): boolean => volts >= 4 && volts <= 20;
export const plausibleTemperature = (celsius: number): boolean => celsius >= -40 && celsius <= 99;
export const plausibleCharge = (percent: number): boolean => percent <= 100;

/** One decrypted live block of a model; undefined when it is none. `block` has 16 bytes. */
export function parseLive(model: Model, block: Uint8Array): LivePacket | undefined {
  return model === "BM2" ? parseLive2(block) : parseLive67(block);
}

/** A notification as it came, under every key: the one that fits names the model. Undefined when none does. */
export function recognise(
  notification: Uint8Array,
): { readonly model: Model; readonly packet: LivePacket } | undefined {
  if (notification.length < BLOCK) return undefined;
  const block = notification.subarray(0, BLOCK);
  for (const model of models) {
    const packet = parseLive(model, decrypt(model, block));
    // A BM2 packet is told by one byte only, which a wrong key meets once in 256: its values must make sense too.
    if (packet !== undefined && (model !== "BM2" || packet.type === "reading")) return { model, packet };
  }
  return undefined;
}

function parseLive67(block: Uint8Array): LivePacket | undefined {
  const [b0, b1, kind, sign = 0, magnitude = 0, state = 0, charge = 0, high = 0, low = 0] = block;
  if (b0 !== 0xd1 || b1 !== 0x55) return undefined;
  if (kind === 0x01) return { type: "version", version: Buffer.from(block.subarray(3, 8)).toString("hex") };
  if (kind !== 0x07) return undefined;
  if (sign === 0xff) return { type: "acknowledgement" };
  if (sign > 1) return { type: "implausible" };
  // Twelve bits: the nibble above them is not part of the voltage in the packets that have it set.
  const voltage = (((high & 0x0f) << 8) | low) / 100;
  const temperature = sign === 1 ? -magnitude : magnitude;
  if (!plausibleVoltage(voltage) || !plausibleTemperature(temperature) || !plausibleCharge(charge))
    return { type: "implausible" };
  return { type: "reading", reading: withState({ voltage, temperature, stateOfCharge: charge }, states67[state]) };
}

function parseLive2(block: Uint8Array): LivePacket | undefined {
  const [head, b1 = 0, b2 = 0, charge = 0] = block;
  if (head !== 0xf5) return undefined;
  const voltage = ((b1 << 4) | (b2 >> 4)) / 100;
  const status = b2 & 0x0f;
  if (!plausibleVoltage(voltage) || !plausibleCharge(charge)) return { type: "implausible" };
  const state = status === FLOATING ? "floating" : states2[status];
  return { type: "reading", reading: withState({ voltage, stateOfCharge: charge }, state) };
}

const withState = (reading: BatteryReading, state: BatteryState | undefined): BatteryReading =>
  state === undefined ? reading : { ...reading, state };
