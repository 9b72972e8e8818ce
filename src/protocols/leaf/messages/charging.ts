import { at, computed, type LeafMessage, prunInByte6, prunInByte7 } from "../message.ts";
import { choice, flag, internal, quantity, shown, unverified } from "../signals.ts";

const chargingState = choice(
  "charging_state",
  "Charging",
  "charge",
  {
    0: "not charging",
    1: "waiting for timer",
    2: "starting",
    3: "charging",
    4: "quick charging",
    5: "finished",
    6: "interrupted",
  },
  { ...shown(0, 1), icon: "mdi:ev-station" },
);
const pluggedIn = flag("plugged_in", "Plugged in", "charge", { ...shown(0, 1), deviceClass: "plug" });
const chargerMaxPower = quantity("charger_max_power", "Charger maximum power", "charge", "kW", 0.1);
const quickChargeRelay = flag("quick_charge_relay", "Quick charging relay", "charge");
const chargerStatus = internal("charger_status", "Charger status");

/** 390: the charger's own status says "charging" of an interrupted charge too; then there is no AC. */
function chargingStateOf390([, , , b3 = 0, b4 = 0, b5 = 0]: Uint8Array): number {
  if (b4 & 0x40) return 4;
  switch ((b5 >> 1) & 0x3f) {
    case 0x00:
    case 0x01:
    case 0x08:
    case 0x09:
      return 0;
    case 0x02:
      return 5;
    case 0x04:
      return b3 & 0x20 ? 3 : 6;
    case 0x0c:
      return 1;
    default:
      return Number.NaN;
  }
}

/** 5BF: a car without a cable passes through the timer's code when it is switched off. */
function chargingStateOf5bf([, , pilotLimit = 0, , status = 0]: Uint8Array): number {
  switch (status) {
    case 0x28:
    case 0x38:
      return 0;
    case 0x30:
      return pilotLimit > 0 ? 1 : 0;
    case 0x70:
      return 2;
    case 0x60:
      return 3;
    case 0xb0:
      return 4;
    case 0x40:
      return 5;
    default:
      return Number.NaN;
  }
}

/** The on-board charger and who commands it. */
export const charging: readonly LeafMessage[] = [
  {
    id: 0x1f2,
    length: 8,
    integrity: "nibble-sum",
    counter: prunInByte6,
    fields: [
      at("1|10@0+", quantity("commanded_charge_power", "Commanded charge power", "charge", "kW", 0.1, { offset: -10 })),
      at("7|1@0+", flag("charge_to_80", "Charge to 80 %", "charge")),
      at("22|2@0+", internal("charge_transition", "Charge transition request")),
    ],
  },
  {
    id: 0x380,
    length: 8,
    integrity: "nibble-sum",
    counter: prunInByte7,
    generations: ["ze0"],
    fields: [
      at("16|9@0+", chargerMaxPower),
      at("38|1@0+", flag("ac_relay", "AC charging relay", "charge")),
      at("37|1@0+", quickChargeRelay),
    ],
  },
  {
    id: 0x390,
    length: 8,
    integrity: "nibble-sum",
    counter: prunInByte7,
    generations: ["aze0", "ze1"],
    fields: [
      at("0|9@0+", quantity("charge_power", "Charging power", "charge", "kW", 0.1)),
      at("40|9@0+", chargerMaxPower),
      computed(chargingState, chargingStateOf390),
      computed(pluggedIn, ([, , , b3 = 0, b4 = 0]) => (b3 & 0x20 || b4 & 0x40 ? 1 : 0)),
      at("46|6@0+", chargerStatus),
      at("28|2@0+", internal("ac_voltage_code", "AC voltage code")),
      at("29|1@0+", flag("ac_present", "AC present", "charge")),
      at("38|1@0+", quickChargeRelay),
    ],
  },
  { id: 0x393, length: 8, integrity: "nibble-sum", counter: prunInByte7, fields: [] },
  {
    id: 0x5b9,
    length: 5,
    generations: ["ze0", "aze0"],
    fields: [
      at("7|5@0+", internal("charge_bars", "Charge bars")),
      at("2|11@0+", quantity("dash_time_to_full", "Time to full on the dash", "charge", "min", 1), {
        unavailable: [0x7ff],
      }),
    ],
  },
  {
    id: 0x5bf,
    length: 8,
    integrity: "nibble-sum",
    counter: prunInByte7,
    generations: ["ze0"],
    fields: [
      computed(chargingState, chargingStateOf5bf),
      // The pilot's current limit is there while a cable is.
      computed(pluggedIn, ([, , limit = 0]) => (limit > 0 ? 1 : 0)),
      at("39|8@0+", chargerStatus),
      at("23|8@0+", unverified("pilot_current_limit_raw", "Pilot current limit, raw")),
    ],
  },
];
