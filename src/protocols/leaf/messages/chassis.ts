import { at, computed, type Latest, type LeafMessage } from "../message.ts";
import { choice, flag, internal, quantity, shown, unverified } from "../signals.ts";
import { gearStates } from "./drive.ts";

const KM_PER_MILE = 1.609344;
const KPA_PER_QUARTER_PSI = 6.894757293168361 / 4;

// In metres, since miles do not come out in whole kilometres.
const odometer = quantity("odometer", "Odometer", "drive", "km", 0.001, {
  ...shown(1, 60),
  stateClass: "total_increasing",
  precision: 0,
});
const odometerInMiles = flag("odometer_in_miles", "Odometer counts miles", "diagnostic", { diagnostic: true });

const wheelSpeed = (key: string, name: string) =>
  quantity(`wheel_speed_${key}`, `Wheel speed ${name}`, "drive", "km/h", 0.005);

/** Order of OVMS: front left, front right, rear right, rear left. */
export const tyrePressure = (key: string, name: string) =>
  quantity(`tyre_pressure_${key}`, `Tyre pressure ${name}`, "drive", "kPa", KPA_PER_QUARTER_PSI, { precision: 0 });

/** 5C5 counts miles or kilometres, by the market the car was built for; 355 says which. */
function kilometres([, b1 = 0, b2 = 0, b3 = 0]: Uint8Array, latest: Latest): number {
  const miles = latest("odometer_in_miles");
  if (Number.isNaN(miles)) return Number.NaN;
  return ((b1 << 16) | (b2 << 8) | b3) * (miles === 1 ? KM_PER_MILE : 1);
}

/** Steering, brakes, wheels and what the meter shows (CAR-CAN). */
export const chassis: readonly LeafMessage[] = [
  {
    id: 0x002,
    length: 5,
    fields: [
      at("0|16@1-", quantity("steering_angle", "Steering angle", "drive", "°", -0.1, { precision: 1 }), {
        unavailable: [0x7fff],
      }),
    ],
  },
  {
    id: 0x174,
    length: 8,
    fields: [
      at("31|8@0+", choice("shifter", "Shifter", "drive", { 170: "park or neutral", 153: "reverse", 187: "drive" })),
    ],
  },
  {
    id: 0x176,
    length: 7,
    fields: [
      at("7|16@0+", quantity("output_shaft_speed", "Output shaft speed", "drive", "rpm", 1), { unavailable: [0xffff] }),
    ],
  },
  {
    id: 0x180,
    length: 8,
    fields: [
      at("47|8@0+", quantity("throttle", "Throttle", "drive", "%", 0.5), { unavailable: [0xff] }),
      at("23|12@0-", unverified("motor_current_raw", "Motor current, raw")),
    ],
  },
  {
    id: 0x1cb,
    length: 7,
    fields: [at("7|11@0+", unverified("regeneration_target_raw", "Regeneration target, raw"))],
  },
  {
    id: 0x1d5,
    length: 5,
    fields: [at("7|11@0+", unverified("regeneration_torque_raw", "Regeneration torque, raw"))],
  },
  {
    id: 0x260,
    length: 4,
    fields: [
      at("6|7@0+", quantity("motor_power_available", "Motor power available", "drive", "kW", 1)),
      at("14|7@0+", quantity("regeneration_available", "Regeneration available", "drive", "kW", 1)),
      at("23|12@0+", quantity("motor_power", "Motor power", "drive", "kW", 0.05, { offset: -100 }), {
        unavailable: [0xfff],
      }),
    ],
  },
  {
    id: 0x280,
    length: 8,
    fields: [
      at("39|16@0+", quantity("meter_speed", "Speed at the meter", "drive", "km/h", 0.01), { unavailable: [0xffff] }),
    ],
  },
  {
    id: 0x285,
    length: 8,
    fields: [
      at("7|16@0+", wheelSpeed("rear_right", "rear right"), { unavailable: [0xffff] }),
      at("23|16@0+", wheelSpeed("rear_left", "rear left"), { unavailable: [0xffff] }),
    ],
  },
  {
    id: 0x292,
    length: 8,
    fields: [
      // Said to be the 12 V battery, but it is the upper part of 12 bits around 0x7FD: more likely the yaw rate.
      at(
        "31|8@0+",
        quantity("abs_12v_voltage", "12 V at the brake unit (unverified)", "diagnostic", "V", 0.1, {
          diagnostic: true,
        }),
      ),
      at("55|8@0+", unverified("friction_brake_raw", "Friction brake, raw")),
    ],
  },
  {
    id: 0x354,
    length: 8,
    fields: [
      at("7|16@0+", unverified("abs_speed_raw", "Speed at the brake unit, raw")),
      at("38|1@0+", flag("esp_off", "ESP off", "drive")),
    ],
  },
  {
    id: 0x355,
    length: 7,
    fields: [
      at("7|16@0+", quantity("vcm_speed", "Speed sent to the vehicle control", "drive", "km/h", 0.01), {
        unavailable: [0xffff],
        insteadOf: "speed",
      }),
      at("53|1@0+", odometerInMiles),
    ],
  },
  {
    id: 0x385,
    length: 6,
    fields: [
      at("23|8@0+", tyrePressure("front_left", "front left"), { unavailable: [0] }),
      at("31|8@0+", tyrePressure("front_right", "front right"), { unavailable: [0] }),
      at("39|8@0+", tyrePressure("rear_right", "rear right"), { unavailable: [0] }),
      at("47|8@0+", tyrePressure("rear_left", "rear left"), { unavailable: [0] }),
    ],
  },
  {
    id: 0x421,
    length: 1,
    fields: [at("5|3@0+", choice("meter_gear", "Gear at the meter", "drive", gearStates), { insteadOf: "gear" })],
  },
  {
    id: 0x50d,
    length: 8,
    fields: [
      at("23|2@0+", flag("ready_lamp", "Ready lamp", "drive"), { codes: { 0: 0, 2: 1 }, insteadOf: "vehicle_on" }),
      at("47|2@0+", flag("charge_lamp", "Charge lamp", "charge"), { codes: { 0: 0, 2: 1 } }),
      at("45|2@0+", internal("ev_warning_lamp", "EV system warning lamp")),
    ],
  },
  {
    id: 0x551,
    length: 8,
    fields: [
      at("39|8@0+", quantity("cruise_speed", "Cruise control speed", "drive", "km/h", 1), {
        unavailable: [0xfe, 0xff],
      }),
    ],
  },
  {
    id: 0x5c5,
    length: 8,
    fields: [
      computed(odometer, kilometres),
      at("15|24@0+", internal("odometer_raw", "Odometer in the meter's unit")),
      at("2|1@0+", flag("parking_brake", "Parking brake", "drive")),
    ],
  },
];
