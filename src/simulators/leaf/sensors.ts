import type { Car } from "./car.ts";

/** Codes of 390 and 5BF for the same states. */
const chargerStatus = {
  aze0: { off: 0x01, plugged: 0x0c, charge: 0x04, charged: 0x02 },
  ze0: { off: 0x28, plugged: 0x70, charge: 0x60, charged: 0x40 },
} as const;

const is = (truth: boolean): number => (truth ? 1 : 0);
const kwh = (wattHours: number): number => wattHours / 1000;

const charging = ({ activity }: Car): boolean => activity.kind === "charge";
const quick = ({ activity }: Car): boolean => activity.kind === "charge" && activity.quick;
const highVoltage = (car: Car): boolean => car.on || charging(car);
const doorOpen = ({ activity }: Car): boolean => activity.kind === "off" && activity.doorOpen;
const raw = (celsius: number): number => Math.round(celsius) + 40;

function statusOfCharger(car: Car): number {
  const codes = chargerStatus[car.generation === "ze0" ? "ze0" : "aze0"];
  const { activity } = car;
  if (activity.kind === "charge") {
    if (!activity.quick) return codes.charge;
    return car.generation === "ze0" ? 0xb0 : codes.off;
  }
  return activity.kind === "plugged" || activity.kind === "charged" ? codes[activity.kind] : codes.off;
}

/** Minutes until full with so many watts, as the car counts them: in steps of ten. */
function minutesToFull({ energyWh, specification }: Car, watts: number, share = 1): number {
  const missing = Math.max(0, specification.usableWh * share - energyWh);
  return Math.round(((missing / watts) * 60) / 10) * 10;
}

/** By signal key, what the car's own sensors would read now, in the signal's unit. What is missing here the car does not tell. */
export const sensors: Readonly<Record<string, (car: Car) => number>> = {
  gear: ({ activity, speed }) => {
    if (activity.kind !== "drive" || (activity.kmh === 0 && speed === 0)) return 1;
    return activity.kmh < 0 || speed < 0 ? 2 : 4;
  },
  on_off_code: ({ on, generation }) => (on ? 2 : generation === "aze0" ? 0 : 4),
  eco_mode: () => 0,
  torque_request: ({ motorTorque }) => motorTorque,
  high_voltage: (car) => is(highVoltage(car)),
  relay_plus: (car) => is(highVoltage(car)),
  charge_status_byte: (car) => (charging(car) ? 0xe0 : 0x01),
  inverter_voltage: ({ packVoltage }) => packVoltage - 2,
  motor_torque: ({ motorTorque }) => motorTorque,
  motor_speed: ({ motorSpeed }) => motorSpeed,
  inverter_error: () => 0,

  pack_current: ({ packCurrent }) => packCurrent,
  pack_voltage: ({ packVoltage }) => packVoltage,
  main_relay: (car) => is(highVoltage(car)),
  interlock: () => 1,
  fully_charged: ({ stateOfCharge }) => is(stateOfCharge >= 99.5),
  discharge_status: () => 1,
  dash_state_of_charge: ({ stateOfCharge }) => Math.min(100, Math.round(stateOfCharge * 1.04)),
  discharge_limit: ({ specification }) => specification.maxPowerW / 1000,
  charge_limit: ({ stateOfCharge }) => Math.max(5, (100 - stateOfCharge) * 1.2),
  charger_limit: (car) => (charging(car) ? car.chargingPower / 1000 : Number.NaN),
  state_of_charge: ({ stateOfCharge }) => stateOfCharge,
  insulation_raw: () => 905,
  battery_empty: () => 0,
  full_capacity: ({ specification }) => kwh(specification.usableWh),
  remaining_capacity: ({ energyWh }) => kwh(energyWh),
  gids: ({ energyWh }) => energyWh / 80,
  max_gids: ({ specification, generation }) => (generation === "ze0" ? Number.NaN : specification.usableWh / 80),
  state_of_health: ({ specification }) => specification.health,
  power_limit_reason: () => 0,
  average_battery_temperature: ({ batteryTemperature }) => batteryTemperature,
  charge_segments: ({ stateOfCharge }) => (stateOfCharge / 100) * 12,
  capacity_bars: ({ specification }) => (specification.health / 100) * 12,
  battery_temperature: ({ batteryTemperature }) => batteryTemperature,
  battery_temperature_max: ({ batteryTemperature }) => batteryTemperature + 1,
  battery_temperature_min: ({ batteryTemperature }) => batteryTemperature - 1,
  battery_trouble_code: () => 0,

  quick_charge_time: (car) => minutesToFull(car, car.specification.quickChargeW, 0.8),
  time_to_full: (car) => minutesToFull(car, 3_300),
  time_to_full_6kw: (car) => minutesToFull(car, 6_000),
  time_to_full_100v: (car) => minutesToFull(car, 1_300),
  time_to_80: (car) => minutesToFull(car, 3_300, 0.8),
  time_to_80_6kw: (car) => minutesToFull(car, 6_000, 0.8),
  time_to_80_100v: (car) => minutesToFull(car, 1_300, 0.8),
  dash_time_to_full: (car) => (charging(car) ? minutesToFull(car, 3_300) : Number.NaN),
  charge_bars: ({ stateOfCharge }) => (stateOfCharge / 100) * 12,

  commanded_charge_power: ({ chargingPower }) => chargingPower / 1000,
  charge_to_80: () => 0,
  charge_transition: (car) => (charging(car) ? (quick(car) ? 2 : 1) : 0),
  charge_power: (car) => (quick(car) ? 0 : car.chargingPower / 1000),
  charger_max_power: ({ specification }) => specification.acChargerW / 1000,
  charger_status: statusOfCharger,
  pilot_current_limit_raw: (car) => (car.pluggedIn && !quick(car) ? 32 : 0),
  ac_relay: (car) => is(charging(car) && !quick(car)),
  ac_present: (car) => is(car.pluggedIn && !quick(car)),
  ac_voltage_code: (car) => (car.pluggedIn && !quick(car) ? 2 : 0),
  quick_charge_relay: (car) => is(quick(car)),

  speed: ({ speed }) => Math.abs(speed),
  wheel_speed_front_left: ({ speed }) => Math.abs(speed) * 1.04,
  wheel_speed_front_right: ({ speed }) => Math.abs(speed) * 1.04,
  vcm_speed: ({ speed }) => Math.abs(speed) * 1.02,
  odometer_in_miles: () => 0,
  odometer_raw: ({ specification, distanceKm }) => Math.floor(specification.odometerKm + distanceKm),
  parking_brake: ({ on }) => is(!on),
  range: ({ energyWh, on }) => (on ? energyWh / 155 : Number.NaN),
  wake_command: () => 3,

  outside_temperature: ({ outsideTemperature }) => outsideTemperature,
  dash_outside_temperature: ({ outsideTemperature }) => outsideTemperature,
  evaporator_raw: () => 0xff,
  cabin_temperature_raw: () => 0x50,
  climate_ambient_raw: ({ outsideTemperature }) => outsideTemperature + 41,
  fan_speed: () => 0,
  vent_mode_code: () => 0x80,
  air_intake_code: () => 0x0a,
  inverter_board_raw: ({ motorTemperature }) => raw(motorTemperature - 3),
  igbt_raw: ({ motorTemperature }) => raw(motorTemperature + 2),
  motor_raw: ({ motorTemperature, generation }) => (generation === "ze1" ? 0x5f : raw(motorTemperature)),

  tyre_pressure_front_left: () => 250,
  tyre_pressure_front_right: () => 248,
  tyre_pressure_rear_left: () => 245,
  tyre_pressure_rear_right: () => 246,
  meter_gear: (car) => sensors["gear"]?.(car) ?? 1,
  door_front_left: (car) => is(doorOpen(car)),
  power_state: ({ on }) => (on ? 3 : 0),
  locked: (car) => is(!doorOpen(car) && !car.on),
  other_doors_locked: (car) => is(!doorOpen(car) && !car.on),

  aux_battery_voltage: ({ on }) => (on ? 14.4 : 12.72),
  polled_odometer: ({ specification, distanceKm }) => Math.floor(specification.odometerKm + distanceKm),
  tyre_pressure_1: () => 250,
  tyre_pressure_2: () => 248,
  tyre_pressure_3: () => 246,
  tyre_pressure_4: () => 245,
  controller_current_1: ({ packCurrent }) => packCurrent,
  controller_current_2: ({ packCurrent }) => packCurrent,
  controller_voltage: ({ packVoltage }) => packVoltage,
  controller_state_of_charge: ({ stateOfCharge }) => stateOfCharge,
  controller_state_of_health: ({ specification }) => specification.health,
  capacity: ({ specification }) => specification.fullAh,
  hx: ({ specification }) => specification.health - 8,
};
