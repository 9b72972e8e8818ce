import type { LeafGeneration } from "../generation.ts";
import { at, computed, type Field, type LeafMessage, prunInByte6 } from "../message.ts";
import { flag, internal, quantity, shown, unverified } from "../signals.ts";

// The sign on the bus is Carport's: into the battery is positive, driving negative.
const packCurrent = quantity("pack_current", "Pack current", "battery", "A", 0.5, shown(1, 5));
const packVoltage = quantity("pack_voltage", "Pack voltage", "battery", "V", 0.5, shown(1, 10));
const packPower = quantity("pack_power", "Pack power", "battery", "kW", 0.00025, { ...shown(0.5, 5), precision: 2 });

const stateOfCharge = quantity("state_of_charge", "State of charge", "battery", "%", 0.1, {
  ...shown(0.5, 30),
  deviceClass: "battery",
});
const dashStateOfCharge = quantity("dash_state_of_charge", "State of charge on the dash", "battery", "%", 0.5, {
  ...shown(1, 30),
  deviceClass: "battery",
});
const stateOfHealth = quantity("state_of_health", "State of health", "battery", "%", 1, {
  ...shown(1, 60),
  icon: "mdi:battery-heart-variant",
});
const remainingEnergy = quantity("remaining_energy", "Remaining energy", "battery", "kWh", 0.08, {
  ...shown(0.1, 60),
  precision: 1,
});

const timeToFull = quantity("time_to_full", "Time to full at 3 kW", "charge", "min", 1, shown(5, 60));
const timeToFullAt6kW = quantity("time_to_full_6kw", "Time to full at 6 kW", "charge", "min", 1);
const timeToFullAt100V = quantity("time_to_full_100v", "Time to full at 100 V", "charge", "min", 1);
const timeTo80 = quantity("time_to_80", "Time to 80 % at 3 kW", "charge", "min", 1);
const timeTo80At6kW = quantity("time_to_80_6kw", "Time to 80 % at 6 kW", "charge", "min", 1);
const timeTo80At100V = quantity("time_to_80_100v", "Time to 80 % at 100 V", "charge", "min", 1);
const quickChargeTime = quantity("quick_charge_time", "Quick charging time", "charge", "min", 1);

/** 5BC says in turn how long charging takes in each way; the code in 41|5 says which. A ZE1 has other codes. */
function chargeTime(code: number, signal: typeof timeToFull, ...generations: LeafGeneration[]): Field {
  return at("52|13@0+", signal, { when: ["41|5@0+", code], unavailable: [0x1fff], generations });
}

function temperature(code: number, key: string, name: string, options = {}): Field {
  return at("23|8@0+", quantity(key, name, "battery", "°C", 0.5, { offset: -40, ...options }), {
    when: ["7|2@0+", code],
    generations: ["ze0", "aze0"],
  });
}

/** What the battery controller (LBC) says, and what others relay of it. */
export const battery: readonly LeafMessage[] = [
  {
    id: 0x1db,
    length: 8,
    integrity: "crc8",
    counter: prunInByte6,
    fields: [
      at("7|11@0-", packCurrent, { unavailable: [0x3ff] }),
      at("23|10@0+", packVoltage, { unavailable: [0x3ff] }),
      computed(packPower, (_, latest) => (latest("pack_voltage") * latest("pack_current")) / 1000),
      at("12|2@0+", internal("relay_cut_request", "Relay cut request")),
      at("10|3@0+", internal("battery_failsafe", "Battery failsafe")),
      at("29|1@0+", flag("main_relay", "Main relay", "battery")),
      at("28|1@0+", flag("fully_charged", "Fully charged", "battery")),
      at("27|1@0+", flag("interlock", "Interlock closed", "battery")),
      at("26|2@0+", internal("discharge_status", "Discharge power status")),
      at("38|7@0+", dashStateOfCharge, { scale: 1, unavailable: [0x7f], generations: ["aze0"] }),
    ],
  },
  {
    id: 0x1dc,
    length: 8,
    integrity: "crc8",
    counter: prunInByte6,
    fields: [
      at("7|10@0+", quantity("discharge_limit", "Discharge power limit", "battery", "kW", 0.25), {
        unavailable: [0x3ff],
      }),
      at("13|10@0+", quantity("charge_limit", "Charge power limit", "battery", "kW", 0.25), { unavailable: [0x3ff] }),
      at("19|10@0+", quantity("charger_limit", "Power wanted from charger", "charge", "kW", 0.1, { offset: -10 }), {
        unavailable: [0x3ff],
      }),
    ],
  },
  {
    id: 0x1ed,
    length: 3,
    generations: ["ze1"],
    fields: [
      at("7|11@0+", unverified("charger_limit_raw", "Power wanted from charger, raw"), { unavailable: [0x7ff] }),
    ],
  },
  {
    id: 0x55b,
    length: 8,
    integrity: "crc8",
    counter: prunInByte6,
    fields: [
      at("7|10@0+", stateOfCharge, { unavailable: [0x3ff] }),
      at("39|10@0+", internal("insulation_raw", "Insulation sensor"), { unavailable: [0x3ff] }),
      at("55|1@0+", flag("battery_empty", "Battery empty", "battery")),
    ],
  },
  {
    id: 0x59e,
    length: 8,
    generations: ["aze0", "ze1"],
    fields: [
      at("21|10@0+", quantity("full_capacity", "Full capacity", "battery", "kWh", 0.1)),
      at("27|9@0+", quantity("remaining_capacity", "Remaining capacity", "battery", "kWh", 0.1)),
      at("63|8@0+", dashStateOfCharge, { unavailable: [0, 0xff], generations: ["ze1"] }),
    ],
  },
  {
    id: 0x5b3,
    length: 8,
    generations: ["ze0", "aze0"],
    fields: [
      at("15|7@0+", quantity("meter_state_of_health", "State of health at the meter", "battery", "%", 1), {
        unavailable: [0, 0x7f],
        insteadOf: "state_of_health",
      }),
      at("33|10@0+", internal("meter_gids", "Gids at the meter"), { unavailable: [0x3ff], insteadOf: "gids" }),
    ],
  },
  {
    id: 0x5bc,
    length: 8,
    fields: [
      // Packs of 30 kWh and more say in turn what there is and what there would be when full (44|1).
      at("7|10@0+", internal("gids", "Gids"), { unavailable: [0x3ff], when: ["44|1@0+", 0] }),
      at("7|10@0+", internal("max_gids", "Gids when full"), { unavailable: [0x3ff], when: ["44|1@0+", 1] }),
      at("7|10@0+", remainingEnergy, { unavailable: [0x3ff], when: ["44|1@0+", 0] }),
      at("39|7@0+", stateOfHealth, { unavailable: [0, 0x7f] }),
      at("47|3@0+", internal("power_limit_reason", "Power limit reason")),
      at(
        "31|8@0+",
        quantity("average_battery_temperature", "Average battery temperature", "battery", "°C", 1, { offset: -40 }),
        { unavailable: [0xff], generations: ["ze0"] },
      ),
      at("19|4@0+", internal("charge_segments", "Charge segments"), { when: ["32|1@0+", 0], generations: ["ze0"] }),
      at("19|4@0+", internal("capacity_bars", "Capacity bars"), { when: ["32|1@0+", 1], generations: ["ze0"] }),
      chargeTime(0, quickChargeTime, "ze0", "aze0"),
      chargeTime(9, timeToFull, "ze0"),
      chargeTime(17, timeToFullAt100V, "ze0"),
      chargeTime(10, timeTo80, "ze0"),
      chargeTime(18, timeTo80At100V, "ze0"),
      chargeTime(5, timeToFullAt6kW, "aze0"),
      chargeTime(8, timeToFull, "aze0"),
      chargeTime(11, timeToFullAt100V, "aze0"),
      chargeTime(18, timeTo80At6kW, "aze0"),
      chargeTime(21, timeTo80, "aze0"),
      chargeTime(24, timeTo80At100V, "aze0"),
      at("41|5@0+", unverified("charge_time_code", "Charge time code"), { generations: ["ze1"] }),
      at("52|13@0+", unverified("charge_time_raw", "Charge time, raw"), {
        unavailable: [0x1fff],
        generations: ["ze1"],
      }),
    ],
  },
  {
    id: 0x5c0,
    length: 8,
    fields: [
      temperature(2, "battery_temperature", "Battery temperature", shown(0.5, 60)),
      temperature(1, "battery_temperature_max", "Battery temperature maximum"),
      temperature(3, "battery_temperature_min", "Battery temperature minimum"),
      at("2|3@0+", unverified("battery_history_code", "Battery history code"), { generations: ["ze1"] }),
      at("23|8@0+", unverified("battery_history_raw", "Battery history byte, raw"), { generations: ["ze1"] }),
      at("63|8@0+", internal("battery_trouble_code", "Battery trouble code")),
    ],
  },
];
