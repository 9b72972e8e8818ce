import { at, type LeafMessage } from "../message.ts";
import { choice, flag, internal, shown } from "../signals.ts";

const door = (key: string, name: string) => flag(`door_${key}`, `Door ${name}`, "body", { deviceClass: "door" });

/** Doors, lamps, lock (CAR-CAN). */
export const body: readonly LeafMessage[] = [
  { id: 0x02a, length: 4, fields: [at("27|1@0+", flag("driver_belt", "Driver's belt fastened", "body"))] },
  {
    id: 0x358,
    length: 8,
    fields: [
      at("17|1@0+", flag("indicator_left", "Left indicator", "body")),
      at("18|1@0+", flag("indicator_right", "Right indicator", "body")),
      at("15|1@0+", flag("headlights", "Headlights", "body", { deviceClass: "light" })),
    ],
  },
  {
    id: 0x5f9,
    length: 8,
    fields: [
      at("43|5@1+", internal("clock_hours", "Clock hours")),
      at("32|6@1+", internal("clock_minutes", "Clock minutes")),
    ],
  },
  {
    id: 0x60d,
    length: 8,
    fields: [
      at("7|5@0+", flag("doors", "Doors", "body", { ...shown(0, 1), deviceClass: "door" }), {
        codes: Object.fromEntries(Array.from({ length: 32 }, (_, open) => [open, open === 0 ? 0 : 1])),
      }),
      // Bit 3 is the driver's door in left-hand drive lists and the passenger's in Japanese ones: front left in both.
      at("3|1@0+", door("front_left", "front left")),
      at("4|1@0+", door("front_right", "front right")),
      at("5|1@0+", door("rear_left", "rear left")),
      at("6|1@0+", door("rear_right", "rear right")),
      at("7|1@0+", flag("hatch", "Hatch", "body", { deviceClass: "door" })),
      at("10|2@0+", choice("power_state", "Power state", "body", { 0: "off", 1: "accessory", 2: "starting", 3: "on" })),
      at("13|1@0+", flag("indicator_lamp_left", "Left indicator lamp", "body")),
      at("14|1@0+", flag("indicator_lamp_right", "Right indicator lamp", "body")),
      at("11|1@0+", flag("high_beam", "High beam", "body", { deviceClass: "light" })),
      at("20|1@0+", flag("locked", "Locked", "body", { ...shown(0, 1), icon: "mdi:car-door-lock" })),
      at("19|1@0+", flag("other_doors_locked", "Other doors locked", "body")),
    ],
  },
  { id: 0x625, length: 6, fields: [at("15|8@0+", internal("lamps_raw", "Lamps"))] },
];
