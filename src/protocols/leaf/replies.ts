import { at, bytes, computed, type Field } from "./message.ts";
import type { EcuName } from "./reads.ts";
import { quantity, shown, unverified } from "./signals.ts";

/** What a control unit answers to one diagnostic read. Fields count from after the prefix. */
export interface LeafReply {
  readonly ecu: EcuName;
  /** Positive response and what it repeats of the request. */
  readonly prefix: readonly number[];
  /** Whole lengths in bytes that have this layout. Any other is left alone: straight after waking, 21 01 answers 44 bytes of nothing. */
  readonly lengths: readonly number[];
  readonly fields: readonly Field[];
}

const CELLS = 96;
const SENSORS = 4;

// In hundredths in small packs and 1/102.4 in large ones; the step is the one that both are multiples of.
const hx = quantity("hx", "Conductance (Hx)", "battery", "%", 1 / 12_800, { precision: 2 });
const controllerStateOfCharge = quantity(
  "controller_state_of_charge",
  "State of charge at the battery controller",
  "battery",
  "%",
  0.0001,
  { precision: 2 },
);
const capacity = quantity("capacity", "Capacity", "battery", "Ah", 0.0001, { precision: 2 });

const currentAndVoltage: readonly Field[] = [
  at(bytes(0, 4, "signed"), quantity("controller_current_1", "Pack current, sensor 1", "battery", "A", 1 / 1024)),
  at(bytes(6, 4, "signed"), quantity("controller_current_2", "Pack current, sensor 2", "battery", "A", 1 / 1024)),
  at(bytes(18, 2), quantity("controller_voltage", "Pack voltage at the battery controller", "battery", "V", 0.01)),
];

const twoDigits = (number: number): string => String(number).padStart(2, "0");

const cellFields: readonly Field[] = Array.from({ length: CELLS }, (_, cell) =>
  at(
    bytes(cell * 2, 2),
    quantity(`cell_${twoDigits(cell + 1)}_voltage`, `Cell ${twoDigits(cell + 1)} voltage`, "battery", "V", 0.001),
    { unavailable: [0, 0xffff] },
  ),
);

/** One number of the 96 cell voltages in V; NaN when a cell has none. */
function ofCells(data: Uint8Array, number: (lowest: number, highest: number) => number): number {
  let lowest = 0xffff;
  let highest = 0;
  for (let at = 0; at < CELLS * 2; at += 2) {
    const millivolts = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
    if (millivolts === 0 || millivolts === 0xffff) return Number.NaN;
    if (millivolts < lowest) lowest = millivolts;
    if (millivolts > highest) highest = millivolts;
  }
  return number(lowest, highest) / 1000;
}

/** A thermistor reading and the °C the controller makes of it, three bytes per sensor. */
const sensorFields: readonly Field[] = Array.from({ length: SENSORS }, (_, sensor) => {
  const start = sensor * 3;
  return computed(
    quantity(
      `battery_sensor_${sensor + 1}_temperature`,
      `Battery sensor ${sensor + 1} temperature`,
      "battery",
      "°C",
      1,
    ),
    (data) => {
      if (data[start] === 0xff && data[start + 1] === 0xff) return Number.NaN;
      const degrees = data[start + 2] ?? 0;
      return degrees < 128 ? degrees : degrees - 256;
    },
  );
});

/** Four cells per byte in the low nibble; packs of 40 kWh and more use all eight bits and fill up with FF. */
function shunts(data: Uint8Array, firstCell: number): number {
  const packed = data.subarray(12, 24).every((byte) => byte === 0xff);
  let bits = 0;
  for (let cell = firstCell; cell < firstCell + 48; cell++) {
    const byte = data[packed ? cell >> 3 : cell >> 2] ?? 0;
    bits = bits * 2 + ((byte >> (packed ? 7 - (cell & 7) : 3 - (cell & 3))) & 1);
  }
  return bits;
}

const tyrePressure = (number: number, low: number): LeafReply => ({
  ecu: "meter",
  prefix: [0x62, 0x0e, low],
  lengths: [4],
  fields: [
    at(
      bytes(0, 1),
      quantity(`tyre_pressure_${number}`, `Tyre pressure ${number}`, "drive", "kPa", 6.894757293168361 / 4, {
        precision: 0,
      }),
      { unavailable: [0, 0xff] },
    ),
  ],
});

/** Replies that are understood, whoever asked. */
export const replies: readonly LeafReply[] = [
  {
    ecu: "battery",
    prefix: [0x61, 0x01],
    lengths: [41, 43],
    fields: [
      ...currentAndVoltage,
      at(bytes(26, 2), hx, { scale: 0.01 }),
      at(bytes(29, 3), controllerStateOfCharge),
      at(bytes(33, 3), capacity),
    ],
  },
  {
    ecu: "battery",
    prefix: [0x61, 0x01],
    lengths: [53],
    fields: [
      ...currentAndVoltage,
      at(bytes(28, 2), hx, { scale: 1 / 102.4 }),
      at(bytes(31, 3), controllerStateOfCharge),
      at(bytes(35, 3), capacity),
    ],
  },
  {
    ecu: "battery",
    prefix: [0x61, 0x02],
    lengths: [198],
    fields: [
      computed(quantity("cell_voltage_min", "Lowest cell voltage", "battery", "V", 0.001), (data) =>
        ofCells(data, (lowest) => lowest),
      ),
      computed(quantity("cell_voltage_max", "Highest cell voltage", "battery", "V", 0.001), (data) =>
        ofCells(data, (_, highest) => highest),
      ),
      computed(quantity("cell_voltage_spread", "Cell voltage spread", "battery", "V", 0.001), (data) =>
        ofCells(data, (lowest, highest) => highest - lowest),
      ),
      ...cellFields,
    ],
  },
  { ecu: "battery", prefix: [0x61, 0x04], lengths: [16, 31, 37], fields: sensorFields },
  {
    ecu: "battery",
    prefix: [0x61, 0x06],
    lengths: [26],
    fields: [
      computed(unverified("shunt_bits_1_48", "Shunts of cells 1 to 48, bitmap"), (data) => shunts(data, 0)),
      computed(unverified("shunt_bits_49_96", "Shunts of cells 49 to 96, bitmap"), (data) => shunts(data, 48)),
    ],
  },
  {
    ecu: "battery",
    prefix: [0x61, 0x61],
    lengths: [6, 7, 8, 9, 10, 11, 12],
    fields: [
      at(bytes(0, 2), hx, { scale: 0.01 }),
      at(
        bytes(2, 2),
        quantity("controller_state_of_health", "State of health at the battery controller", "battery", "%", 0.01),
      ),
    ],
  },
  {
    ecu: "vehicle",
    prefix: [0x62, 0x11, 0x03],
    lengths: [4],
    fields: [
      at(
        bytes(0, 1),
        quantity("aux_battery_voltage", "12 V battery", "12v", "V", 0.08, { ...shown(0.1, 60), precision: 1 }),
        { unavailable: [0, 0xff] },
      ),
    ],
  },
  {
    ecu: "meter",
    prefix: [0x62, 0x0e, 0x01],
    lengths: [6],
    fields: [
      at(
        bytes(0, 3),
        quantity("polled_odometer", "Odometer by diagnostics", "drive", "km", 1, { stateClass: "total_increasing" }),
        { insteadOf: "odometer", unavailable: [0xffffff] },
      ),
    ],
  },
  tyrePressure(1, 0x25),
  tyrePressure(2, 0x26),
  tyrePressure(3, 0x27),
  tyrePressure(4, 0x28),
];
