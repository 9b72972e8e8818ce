import { at, type LeafMessage } from "../message.ts";
import { flag, internal, quantity, shown, unverified } from "../signals.ts";

const fanSpeed = quantity("fan_speed", "Fan speed", "climate", "", 1);

/** Heating and air conditioning. */
export const climate: readonly LeafMessage[] = [
  {
    id: 0x50a,
    length: 6,
    fields: [
      at("23|8@0+", unverified("climate_power_limit_raw", "Climate power limit, raw")),
      at("31|8@0+", unverified("refrigerant_pressure_raw", "Refrigerant pressure, raw")),
    ],
  },
  {
    id: 0x510,
    length: 8,
    fields: [
      at("25|6@1+", quantity("climate_power", "Climate power", "climate", "kW", 0.25)),
      at("31|1@0+", flag("climate_active", "Climate control active", "climate")),
      at("39|5@0+", unverified("auxiliary_power_raw", "Auxiliary power, raw")),
      at("19|4@0+", unverified("eco_indicator_raw", "Eco indicator, raw")),
      at(
        "63|8@0+",
        quantity("dash_outside_temperature", "Outside temperature on the dash", "climate", "°C", 0.5, { offset: -40 }),
        { unavailable: [0xff], insteadOf: "outside_temperature" },
      ),
    ],
  },
  {
    id: 0x54a,
    length: 8,
    fields: [
      at("39|8@0+", unverified("climate_setpoint_raw", "Climate setpoint, raw")),
      at("63|8@0+", unverified("climate_ambient_raw", "Climate ambient temperature, raw")),
    ],
  },
  {
    id: 0x54b,
    length: 8,
    fields: [
      at("36|4@1+", fanSpeed, { generations: ["ze0"] }),
      at("35|5@1+", fanSpeed, { generations: ["aze0", "ze1"] }),
      at("23|8@0+", internal("vent_mode_code", "Vent mode code")),
      at("31|8@0+", internal("air_intake_code", "Air intake code")),
    ],
  },
  {
    id: 0x54c,
    length: 8,
    fields: [
      at(
        "55|8@0+",
        quantity("outside_temperature", "Outside temperature", "climate", "°C", 0.5, {
          offset: -40,
          ...shown(0.5, 60),
        }),
        { unavailable: [0xff] },
      ),
      at("7|8@0+", unverified("evaporator_raw", "Evaporator temperature, raw")),
    ],
  },
  // Sources disagree on the scale: °F, half °C from -14, and for the ZE1 half °C from -40.
  { id: 0x54f, length: 8, fields: [at("7|8@0+", unverified("cabin_temperature_raw", "Cabin temperature, raw"))] },
];
