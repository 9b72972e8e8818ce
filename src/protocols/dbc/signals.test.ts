import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isSignalKey } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import { parseDbc } from "./parse.ts";
import { dbcSignals } from "./signals.ts";

const signalsOf = (text: string) => dbcSignals(parseDbc(text, "car.dbc").network);

/** The only signal of a file with this `SG_` line (without name) and these lines after it. */
function signalOf(line: string, ...more: string[]): Signal {
  const [signal] = signalsOf([`BO_ 1 Body: 8 X`, ` SG_ S : ${line} X`, ...more].join("\n"));
  if (signal === undefined) throw new Error("no signal");
  return signal;
}

/** All signals named like this, two to a message. */
const named = (...messages: (readonly [string, ...string[]])[]) =>
  signalsOf(
    messages
      .map(([message, ...names], id) =>
        [`BO_ ${id} ${message}: 8 X`, ...names.map((name) => ` SG_ ${name} : 0|8@1+ (1,0) [0|0] "" X`)].join("\n"),
      )
      .join("\n"),
  );

describe("keys and names", () => {
  test.each([
    ["PackVoltage", "pack_voltage", "Pack voltage"],
    ["WHEEL_SPEED_RR", "wheel_speed_rr", "Wheel speed RR"],
    ["BMS_packVoltage", "bms_pack_voltage", "BMS pack voltage"],
    ["HVBatteryTempMax", "hv_battery_temp_max", "HV battery temp max"],
    ["12V_Level", "signal_12v_level", "12V level"],
    ["Ölstand", "olstand", "Ölstand"],
    ["___", "signal", "Signal"],
    ["电池电压", "signal", "电池电压"],
  ])("%s becomes %s, %s", (name, key, spoken) => {
    expect(named(["Body", name]).map(({ key, name }) => [key, name])).toEqual([[key, spoken]]);
  });

  test("the message's name goes in front where the signal's is not enough", () => {
    const keys = named(["LKAS", "Counter", "Torque"], ["Brake", "Counter"]).map(({ key, name }) => [key, name]);
    expect(keys).toEqual([
      ["lkas_counter", "Lkas counter"],
      ["torque", "Torque"],
      ["brake_counter", "Brake counter"],
    ]);
  });

  test("no signal of the car takes the place of the bus's own", () => {
    expect(named(["M", "BusLoad"]).map(({ key }) => key)).toEqual(["bus_load_2"]);
  });

  test("what is still the same is numbered, and long names are cut", () => {
    const long = "A".repeat(90);
    const keys = named(["M", "Same", "Same", "same", long, `${long}B`]).map(({ key }) => key);
    expect(keys.slice(0, 3)).toEqual(["m_same", "m_same_2", "m_same_3"]);
    expect(new Set(keys).size).toBe(5);
    expect(keys.every(isSignalKey)).toBe(true);
  });
});

describe("a quantity", () => {
  test("has the unit, device class, precision and step that Home Assistant and the store want", () => {
    expect(signalOf('0|8@1+ (0.5,-40) [-40|87.5] "deg C"')).toEqual({
      key: "s",
      name: "S",
      group: "diagnostic",
      subject: "vehicle",
      type: "number",
      unit: "°C",
      precision: 1,
      quantum: { scale: 0.5, offset: -40 },
      presentation: { deviceClass: "temperature", stateClass: "measurement", enabled: false },
      report: { deadBand: 0, minIntervalMs: 5000 },
    });
  });

  test.each([
    ["(1,0)", 0],
    ["(0.25,0)", 2],
    ["(-0.005,1310)", 3],
    ["(1,-40.5)", 1],
    ["(0.1,-819.200012)", 1],
    ["(0.048828125,0)", 2],
    ["(1E-007,0)", 6],
    ["(100,0)", 0],
  ])("in steps of %s is shown with %i decimals", (scale, precision) => {
    expect(signalOf(`0|16@1+ ${scale} [0|0] "V"`)).toMatchObject({ precision });
  });

  test("is not quantised when it is a float or has more bits than a double", () => {
    expect(signalOf('0|32@1+ (1,0) [0|0] "V"', "SIG_VALTYPE_ 1 S : 1;")).not.toHaveProperty("quantum");
    expect(signalOf('0|60@1+ (1,0) [0|0] "V"')).not.toHaveProperty("quantum");
    expect(signalOf('0|8@1+ (0,5) [0|0] "V"')).not.toHaveProperty("quantum");
  });

  test("stays one when only exceptions have names", () => {
    const speed = signalOf('0|8@1+ (1,0) [0|250] "km/h"', 'VAL_ 1 S 254 "Error" 255 "SNA" ;');
    expect(speed).toMatchObject({ type: "number", unit: "km/h" });
    expect(signalOf('0|8@1+ (1,0) [0|0] ""', 'VAL_ 1 S 0 "None" 254 "Derestricted" ;')).toMatchObject({
      type: "number",
    });
  });
});

describe("states", () => {
  test("are a signal's named values, without those that mean there is none", () => {
    const gear = signalOf('0|8@1+ (1,0) [0|7] ""', 'VAL_ 1 S 1 "P" 2 "R" 3 "N" 4 "D" 15 "SNA" 0 "Not available" ;');
    expect(gear).toMatchObject({ type: "enum", states: { 1: "P", 2: "R", 3: "N", 4: "D" } });
    expect(gear).toHaveProperty("presentation", { enabled: false });
  });

  test("have the physical value as code", () => {
    expect(signalOf('0|2@1+ (10,5) [0|0] ""', 'VAL_ 1 S 0 "Low" 1 "High" ;')).toMatchObject({
      states: { 5: "Low", 15: "High" },
    });
  });

  test("are also what has a unit, when nearly every value has a name", () => {
    expect(signalOf('0|1@1+ (1,0) [0|0] "V"', 'VAL_ 1 S 0 "110 V" 1 "220 V" ;')).toMatchObject({ type: "enum" });
  });
});

describe("a single bit", () => {
  test.each([
    ["without names", []],
    ["named off and on", ['VAL_ 1 S 1 "On" 0 "Off" ;']],
    ["named FALSE and TRUE", ['VAL_ 1 S 0 "FALSE" 1 "TRUE" ;']],
  ])("%s is yes or no", (_, lines) => {
    expect(signalOf('9|1@0+ (1,0) [0|1] ""', ...lines)).toMatchObject({
      type: "boolean",
      presentation: { enabled: false },
    });
  });

  test("with names of its own has states", () => {
    expect(signalOf('9|1@0+ (1,0) [0|1] ""', 'VAL_ 1 S 0 "Petrol" 1 "Gas" ;')).toMatchObject({
      type: "enum",
      states: { 0: "Petrol", 1: "Gas" },
    });
  });
});

const leafFile = `${process.env["CARPORT_REAL_DATA"] ?? "../shared/data"}/dbc/nissan_leaf_2018_merged.dbc`;
const skipped = process.env["CI"] !== "true" && !existsSync(leafFile);

test.skipIf(skipped)("the Leaf of opendbc loads as it is", () => {
  const { network, warnings } = parseDbc(readFileSync(leafFile, "utf8"), "leaf.dbc");
  expect(warnings).toEqual([]);
  const signals = dbcSignals(network);
  expect(signals).toHaveLength(134);
  expect(signals.find(({ key }) => key === "gear_shifter")).toMatchObject({
    name: "Gear shifter",
    states: { 1: "P", 2: "R", 3: "N", 4: "D", 7: "B" },
  });
  expect(signals.find(({ key }) => key === "wheel_speed_fl")).toMatchObject({ unit: "km/h", precision: 3 });
});
