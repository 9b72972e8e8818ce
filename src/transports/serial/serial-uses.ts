import type { SerialPort } from "./serial-ports.ts";

export const serialUses = ["obd-adapter", "gps", "meshtastic", "can-adapter", "not-a-vehicle"] as const;
export type SerialUse = (typeof serialUses)[number];

/** What an adapter may be. */
export interface Guess {
  readonly use: SerialUse;
  /** 0 to 100. */
  readonly score: number;
  /** For a person. */
  readonly reason: string;
}

interface NameRule {
  readonly use: SerialUse;
  readonly score: number;
  readonly name: RegExp;
}

/** What makers write into their adapters. */
const names: readonly NameRule[] = [
  {
    use: "not-a-vehicle",
    score: 95,
    name: /zigbee|z-?wave|conbee|skyconnect|\bzbt-|sonoff|aeotec|cc2[56]\d\d|enocean|rfxtrx/i,
  },
  { use: "obd-adapter", score: 95, name: /obdlink|scantool/i },
  { use: "obd-adapter", score: 90, name: /elm ?32\d|obd-?(ii|2)\b|vlinker|vgate/i },
  { use: "can-adapter", score: 95, name: /canable|slcan|canusb|usbtin|lawicel/i },
  { use: "gps", score: 90, name: /u-blox|\bgnss\b|\bgps\b|globalsat/i },
  { use: "meshtastic", score: 90, name: /meshtastic|wisblock|rakwireless|heltec|lilygo|t-?beam|t-?echo/i },
];

/** Chips. Most sit in all sorts of things, so that a name always outranks them. */
const chips: Readonly<Record<string, readonly (readonly [SerialUse, number, string])[]>> = {
  "0403:6001": [["obd-adapter", 35, "FTDI FT232, in many OBD adapters"]],
  "0403:6015": [["obd-adapter", 45, "FTDI FT231X, in OBD adapters such as the OBDLink SX"]],
  "10c4:ea60": [
    ["obd-adapter", 25, "CP210x, in OBD adapters among much else"],
    ["meshtastic", 25, "CP210x, in many LoRa boards"],
  ],
  "1a86:7523": [["obd-adapter", 30, "CH340, in cheap OBD adapters among much else"]],
  "1a86:55d4": [["meshtastic", 40, "CH9102, in many LoRa boards"]],
  "067b:2303": [
    ["gps", 30, "PL2303, in many GPS mice"],
    ["obd-adapter", 25, "PL2303, in older OBD adapters"],
  ],
  "16d0:117e": [["can-adapter", 85, "the USB id of CANable adapters"]],
};
const vendors: Readonly<Record<string, readonly [SerialUse, number, string]>> = {
  "1546": ["gps", 85, "u-blox makes GPS receivers"],
  "239a": ["meshtastic", 45, "the boot loader of nRF52 boards, such as the RAK4631"],
  "303a": ["meshtastic", 45, "an Espressif chip, as in many LoRa boards"],
};

/** What the adapter may be, the likeliest first; nothing for one that tells nothing. */
export function guessUses({ name, usbId }: SerialPort): readonly Guess[] {
  const best = new Map<SerialUse, Guess>();
  const add = (use: SerialUse, score: number, reason: string) => {
    if (score > (best.get(use)?.score ?? 0)) best.set(use, { use, score, reason });
  };
  for (const { use, score, name: pattern } of names) {
    const found = pattern.exec(name)?.[0];
    if (found !== undefined) add(use, score, `it calls itself “${found.trim()}”`);
  }
  const named = best.size > 0;
  if (!named && usbId !== undefined) {
    for (const [use, score, reason] of chips[usbId] ?? []) add(use, score, reason);
    const vendor = vendors[usbId.slice(0, 4)];
    if (vendor) add(...vendor);
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}
