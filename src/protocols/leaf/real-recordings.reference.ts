/** How the names and values of the reference decoder (vectors/leaf-decode.json) stand to ours, for the tests. */
import { type BitField, bitField } from "../can/bits.ts";
import type { LeafGeneration } from "./generation.ts";

/** Our signal, or several that share the reference's one by a multiplexer, and how many of its units are one of ours. */
export interface Mapping {
  readonly keys: readonly string[];
  readonly factor: number;
}
export const same = (...keys: string[]): Mapping => ({ keys, factor: 1 });
const thousandths = (...keys: string[]): Mapping => ({ keys, factor: 1000 });

/** What the reference calls a value, and our signals that carry it. */
const mappings: Readonly<Record<string, Mapping>> = {
  "002.steer_angle_deg": same("steering_angle"),
  "11A.eco": same("eco_mode"),
  "11A.gear_code": same("gear"),
  "11A.heartbeat": same("shift_heartbeat"),
  "11A.onoff_code": same("on_off_code"),
  "180.motor_amps": same("motor_current_raw"),
  "180.throttle_pct": same("throttle"),
  "1D4.charge_byte": same("charge_status_byte"),
  "1D4.hv_supplied": same("high_voltage"),
  "1D4.main_relay_plus": same("relay_plus"),
  "1D4.torque_request_Nm": same("torque_request"),
  "1DA.inv_error": same("inverter_error"),
  "1DA.inv_voltage_V": same("inverter_voltage"),
  "1DA.motor_rpm": same("motor_speed"),
  "1DA.motor_torque_Nm": same("motor_torque"),
  "1DB.failsafe": same("battery_failsafe"),
  "1DB.full_charge": same("fully_charged"),
  "1DB.interlock": same("interlock"),
  "1DB.main_relay_on": same("main_relay"),
  "1DB.pack_current_raw_A": same("pack_current"),
  "1DB.pack_voltage_V": same("pack_voltage"),
  "1DB.relay_cut_request": same("relay_cut_request"),
  "1DB.soc_dash_pct": same("dash_state_of_charge"),
  "1DC.charge_limit_kW": same("charge_limit"),
  "1DC.charger_max_kW": same("charger_limit"),
  "1DC.discharge_limit_kW": same("discharge_limit"),
  "280.cluster_speed_kmh": same("meter_speed"),
  "284.speed_kmh": same("speed"),
  "284.wheel_fl_kmh": same("wheel_speed_front_left"),
  "284.wheel_fr_kmh": same("wheel_speed_front_right"),
  "285.wheel_rl_kmh": same("wheel_speed_rear_left"),
  "285.wheel_rr_kmh": same("wheel_speed_rear_right"),
  "292.aux12v_V": same("abs_12v_voltage"),
  "292.brake_raw": same("friction_brake_raw"),
  "355.odo_miles": same("odometer_in_miles"),
  "355.speed_kmh": same("vcm_speed"),
  "380.ac_relay": same("ac_relay"),
  "380.charger_max_kW": same("charger_max_power"),
  "380.qc_relay": same("quick_charge_relay"),
  "390.ac_flag": same("ac_present"),
  "390.ac_voltage_code": same("ac_voltage_code"),
  "390.charge_power_kW": same("charge_power"),
  "390.max_power_kW": same("charger_max_power"),
  "390.qc_relay": same("quick_charge_relay"),
  "390.status": same("charger_status"),
  "421.gear_code": same("meter_gear"),
  "54C.ambient_C": same("outside_temperature"),
  "54C.evap_raw": same("evaporator_raw"),
  "55A.b1": same("inverter_board_raw"),
  "55A.b2_igbt_raw": same("igbt_raw"),
  "55A.b4_raw": same("motor_raw"),
  "55A.b5_raw": same("motor_second_raw"),
  "55B.capacity_empty": same("battery_empty"),
  "55B.ir_raw": same("insulation_raw"),
  "55B.soc_pct": same("state_of_charge"),
  "59E.byte7_half": same("dash_state_of_charge"),
  "59E.full_cap_Wh": thousandths("full_capacity"),
  "59E.remain_cap_Wh": thousandths("remaining_capacity"),
  "5A9.range_km": same("range"),
  "5B3.gids": same("meter_gids"),
  "5B3.soh_pct": same("meter_state_of_health"),
  "5B9.charge_bars": same("charge_bars"),
  "5B9.minutes": same("dash_time_to_full"),
  "5BC.batt_temp_C": same("average_battery_temperature"),
  "5BC.charge_time_min": same(
    "quick_charge_time",
    "time_to_full",
    "time_to_full_6kw",
    "time_to_full_100v",
    "time_to_80",
    "time_to_80_6kw",
    "time_to_80_100v",
    "charge_time_raw",
  ),
  "5BC.gids": same("gids", "max_gids"),
  "5BC.limit_reason": same("power_limit_reason"),
  "5BC.segments": same("charge_segments", "capacity_bars"),
  "5BC.soh_pct": same("state_of_health"),
  "5BF.charger_status": same("charger_status"),
  "5BF.j1772_limit_A": { keys: ["pilot_current_limit_raw"], factor: 0.5 },
  "5BF.j1772_limit_ovms_A": { keys: ["pilot_current_limit_raw"], factor: 0.2 },
  "5C0.dtc": same("battery_trouble_code"),
  "5C0.temp_half_C": same("battery_temperature", "battery_temperature_max", "battery_temperature_min"),
  "5C5.odometer_raw": same("odometer_raw"),
  "5C5.park_brake": same("parking_brake"),
  "60D.door_fl": same("door_front_left"),
  "60D.door_fr": same("door_front_right"),
  "60D.door_rl": same("door_rear_left"),
  "60D.door_rr": same("door_rear_right"),
  "60D.hatch": same("hatch"),
  "60D.lock_driver": same("locked"),
  "60D.lock_other": same("other_doors_locked"),
  "60D.state": same("power_state"),
};

/** What the reference lists and we use to check, to choose or to convert, or not at all: compared at its place. */
export interface Place {
  readonly signal: string;
  readonly generations?: readonly LeafGeneration[];
  readonly at: BitField;
  readonly scale: number;
  readonly offset: number;
  readonly why: string;
}

const place = (signal: string, at: string, why: string): Place => ({
  signal,
  at: bitField(at),
  scale: 1,
  offset: 0,
  why,
});
const COUNTER = "rolling counter: its steps are counted";
const MULTIPLEXER = "multiplexer: chooses the signal";

const places: readonly Place[] = [
  place("1DA.mprun", "49|2@0+", COUNTER),
  place("1DB.prun", "49|2@0+", COUNTER),
  place("1DC.prun", "49|2@0+", COUNTER),
  place("55B.prun", "49|2@0+", COUNTER),
  place("5BC.cap_mux", "32|1@0+", MULTIPLEXER),
  place("5BC.max_gids_mux", "44|1@0+", MULTIPLEXER),
  place("5BC.charge_time_cond", "41|5@0+", MULTIPLEXER),
  place("5C0.mux", "7|2@0+", MULTIPLEXER),
  {
    ...place("59E.byte7_half", "63|8@0+", "it is the state of charge on the dash in a ZE1 only"),
    generations: ["ze0", "aze0"],
    scale: 0.5,
  },
  {
    ...place("5C0.temp_half_C", "23|8@0+", "a ZE1 has another layout: 81 °C is no temperature"),
    generations: ["ze1"],
    scale: 0.5,
    offset: -40,
  },
];

/** Where our value is deliberately another than the reference's: in the frames with this raw value at this place. */
export interface Deviation {
  readonly signal: string;
  readonly generations?: readonly LeafGeneration[];
  readonly at: BitField;
  readonly raw: number;
  /** What the reference makes of those frames, and what we do; `absent`: no value, counted; `skipped`: no value. */
  readonly reference: number;
  readonly ours: number | "absent" | "skipped";
  readonly why: string;
}

const notAvailable = (signal: string, place: string, raw: number, reference: number): Deviation => ({
  signal,
  at: bitField(place),
  raw,
  reference,
  ours: "absent",
  why: "the car says by this raw value that it has none",
});

const deviations: readonly Deviation[] = [
  notAvailable("1DB.pack_current_raw_A", "7|11@0-", 0x3ff, 511.5),
  notAvailable("1DC.discharge_limit_kW", "7|10@0+", 0x3ff, 255.75),
  notAvailable("1DC.charge_limit_kW", "13|10@0+", 0x3ff, 255.75),
  notAvailable("1DC.charger_max_kW", "19|10@0+", 0x3ff, 92.3),
  notAvailable("55B.ir_raw", "39|10@0+", 0x3ff, 1023),
  notAvailable("5B3.gids", "33|10@0+", 0x3ff, 1023),
  notAvailable("5B9.minutes", "2|11@0+", 0x7ff, 2047),
  { signal: "11A.gear_code", at: bitField("7|4@0+"), raw: 0, reference: 0, ours: 1, why: "0 and 1 are both park" },
  {
    signal: "59E.full_cap_Wh",
    generations: ["ze1"],
    at: bitField("21|10@0+"),
    raw: 0x229,
    reference: 4100,
    ours: 55_300,
    why: "a 62 kWh pack needs the tenth bit, which the reference leaves out",
  },
  {
    signal: "5C0.temp_half_C",
    generations: ["ze0", "aze0"],
    at: bitField("7|2@0+"),
    raw: 0,
    reference: 87,
    ours: "skipped",
    why: "multiplexer 0: the battery has not calculated it yet",
  },
];

const findFor = <T extends { readonly signal: string; readonly generations?: readonly LeafGeneration[] }>(
  list: readonly T[],
  signal: string,
  generation: LeafGeneration,
): T | undefined => list.find((entry) => entry.signal === signal && (entry.generations?.includes(generation) ?? true));

export const placeOf = (signal: string, generation: LeafGeneration) => findFor(places, signal, generation);
export const deviationOf = (signal: string, generation: LeafGeneration) => findFor(deviations, signal, generation);

/** Fails on a signal of the reference that no table here knows. */
export function mappingOf(signal: string): Mapping {
  const mapping = mappings[signal];
  if (mapping === undefined) throw new Error(`${signal} of the reference is mapped to nothing`);
  return mapping;
}
