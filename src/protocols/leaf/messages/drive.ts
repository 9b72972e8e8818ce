import { at, type LeafMessage, prunInByte4, prunInByte6 } from "../message.ts";
import { choice, flag, internal, quantity, shown, unverified } from "../signals.ts";

export const gearStates = { 1: "park", 2: "reverse", 3: "neutral", 4: "drive", 7: "B or Eco" } as const;

/** Shift, motor and inverter, speed, range. */
export const drive: readonly LeafMessage[] = [
  {
    id: 0x11a,
    length: 8,
    integrity: "crc8",
    counter: prunInByte6,
    fields: [
      at("7|4@0+", choice("gear", "Gear", "drive", gearStates, { ...shown(0, 1), icon: "mdi:car-shift-pattern" }), {
        codes: { 0: 1, 1: 1, 2: 2, 3: 3, 4: 4 },
      }),
      at("12|1@0+", flag("eco_mode", "Eco mode", "drive")),
      // 2 on, 4 off, 0 while an AZE0 charges; what the other codes say is not known.
      at("15|3@0+", flag("vehicle_on", "Vehicle on", "drive", { ...shown(0, 1), deviceClass: "power" }), {
        codes: { 0: 0, 2: 1, 4: 0 },
      }),
      at("15|3@0+", internal("on_off_code", "On/off code")),
      at("31|8@0+", internal("shift_heartbeat", "Shift heartbeat")),
    ],
  },
  {
    id: 0x1d4,
    length: 8,
    integrity: "crc8",
    counter: prunInByte4,
    fields: [
      at("23|12@0-", quantity("torque_request", "Torque request", "drive", "Nm", 0.25)),
      at("34|1@0+", flag("high_voltage", "High voltage supplied", "battery")),
      at("46|1@0+", flag("relay_plus", "Main relay plus", "battery")),
      at("55|8@0+", internal("charge_status_byte", "Charge status byte")),
    ],
  },
  {
    id: 0x1da,
    length: 8,
    integrity: "crc8",
    counter: prunInByte6,
    fields: [
      at("7|8@0+", quantity("inverter_voltage", "Inverter voltage", "drive", "V", 2), { unavailable: [0xff] }),
      at("18|11@0-", quantity("motor_torque", "Motor torque", "drive", "Nm", 0.5)),
      at("39|15@0-", quantity("motor_speed", "Motor speed", "drive", "rpm", 1), { unavailable: [0x3fff] }),
      at("55|6@0+", internal("inverter_error", "Inverter error bits")),
    ],
  },
  {
    id: 0x284,
    length: 8,
    fields: [
      at("39|16@0+", quantity("speed", "Speed", "drive", "km/h", 0.01, { ...shown(1, 5), precision: 1 }), {
        unavailable: [0xffff],
      }),
      // On their nominal scale the wheels are 3 to 4 % faster than the speed beside them.
      at("7|16@0+", quantity("wheel_speed_front_right", "Wheel speed front right", "drive", "km/h", 0.005), {
        unavailable: [0xffff],
      }),
      at("23|16@0+", quantity("wheel_speed_front_left", "Wheel speed front left", "drive", "km/h", 0.005), {
        unavailable: [0xffff],
      }),
    ],
  },
  {
    id: 0x50b,
    length: 6,
    fields: [
      at("31|2@0+", internal("wake_command", "Wake and sleep command")),
      at("53|1@0+", unverified("battery_heater_message", "Battery heater message"), { generations: ["aze0", "ze1"] }),
    ],
  },
  { id: 0x50c, length: 6, integrity: "crc8", fields: [] },
  {
    id: 0x55a,
    length: 8,
    fields: [
      at("15|8@0+", unverified("inverter_board_raw", "Inverter board temperature, raw")),
      at("23|8@0+", unverified("igbt_raw", "IGBT temperature, raw")),
      at("31|8@0+", unverified("igbt_driver_raw", "IGBT driver temperature, raw")),
      at("39|8@0+", unverified("motor_raw", "Motor temperature, raw")),
      at("47|8@0+", unverified("motor_second_raw", "Motor temperature, second byte, raw")),
    ],
  },
  {
    id: 0x5a9,
    length: 7,
    generations: ["ze0", "aze0"],
    fields: [
      at("15|12@0+", quantity("range", "Range", "drive", "km", 0.2, { ...shown(1, 60), precision: 0 }), {
        unavailable: [0xfff],
      }),
    ],
  },
];
