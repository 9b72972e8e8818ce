interface Unit {
  /** Home Assistant's device class, where the unit alone tells it. */
  readonly deviceClass?: string;
  /** How others write it: lower case, without spaces, `^`, `*`, `.`, `_` and a leading "Unit". */
  readonly spellings?: readonly string[];
}

/** Units as Carport and Home Assistant write them. */
const units: Readonly<Record<string, Unit>> = {
  V: { deviceClass: "voltage", spellings: ["v", "volt", "volts"] },
  mV: { deviceClass: "voltage", spellings: ["millivolt", "millivolts"] },
  A: { deviceClass: "current", spellings: ["a", "amp", "amps", "amper", "ampere", "amperes"] },
  mA: { deviceClass: "current", spellings: ["milliamp", "milliamps", "milliampere"] },
  W: { deviceClass: "power", spellings: ["w", "watt", "watts"] },
  kW: { deviceClass: "power", spellings: ["kilowatt", "kilowatts"] },
  Wh: { deviceClass: "energy_storage", spellings: ["watthour", "watthours"] },
  kWh: { deviceClass: "energy_storage", spellings: ["kilowatthour", "kilowatthours"] },
  Ah: { spellings: ["amphour", "amphours"] },
  Ω: { spellings: ["ohm", "ohms"] },
  "°C": {
    deviceClass: "temperature",
    spellings: [
      "c",
      "℃",
      "ºc",
      "degc",
      "celsius",
      "degcelsius",
      "degreec",
      "degreesc",
      "degreecelsius",
      "degrecelsi",
      "gradc",
    ],
  },
  "°F": { deviceClass: "temperature", spellings: ["f", "℉", "ºf", "degf", "fahrenheit", "degreef", "degreesf"] },
  K: { deviceClass: "temperature", spellings: ["kelvin", "degk"] },
  "km/h": { deviceClass: "speed", spellings: ["kmh", "kph", "kmph", "km/hr", "kilometerperhour"] },
  mph: { deviceClass: "speed", spellings: ["mi/h", "mileperhour", "milesperhour"] },
  "m/s": { deviceClass: "speed", spellings: ["m/sec", "meterpersecond", "meterspersecond"] },
  "m/s²": { spellings: ["m/s2", "m/ss", "m/s/s", "meterperseconsquar"] },
  km: { deviceClass: "distance", spellings: ["kilometer", "kilometers", "kilometre", "kilometres"] },
  m: { deviceClass: "distance", spellings: ["meter", "meters", "metre", "metres"] },
  cm: { deviceClass: "distance", spellings: ["centimeter", "centimeters", "centimetre"] },
  mm: { deviceClass: "distance", spellings: ["millimeter", "millimeters", "millimetre"] },
  mi: { deviceClass: "distance", spellings: ["mile", "miles"] },
  ft: { deviceClass: "distance", spellings: ["foot", "feet"] },
  h: { deviceClass: "duration", spellings: ["hr", "hrs", "hour", "hours"] },
  min: { deviceClass: "duration", spellings: ["mins", "minut", "minute", "minutes"] },
  s: { deviceClass: "duration", spellings: ["sec", "secs", "secon", "second", "seconds"] },
  ms: { deviceClass: "duration", spellings: ["msec", "millisecon", "millisecond", "milliseconds"] },
  kPa: { deviceClass: "pressure", spellings: ["kilopascal"] },
  hPa: { deviceClass: "pressure" },
  Pa: { deviceClass: "pressure", spellings: ["pascal"] },
  bar: { deviceClass: "pressure" },
  mbar: { deviceClass: "pressure", spellings: ["millibar"] },
  psi: { deviceClass: "pressure" },
  Hz: { deviceClass: "frequency", spellings: ["hertz"] },
  kHz: { deviceClass: "frequency", spellings: ["kilohertz"] },
  kg: { deviceClass: "weight", spellings: ["kilogram", "kilograms"] },
  L: { deviceClass: "volume_storage", spellings: ["l", "liter", "liters", "litre", "litres"] },
  "L/h": { spellings: ["literperhour", "liter/hour"] },
  "%": { spellings: ["percent", "percentage", "pct", "prozent"] },
  rpm: { spellings: ["1/min", "u/min", "r/min", "rev/min", "revs/min", "min-1", "minutinver"] },
  "°": { spellings: ["º", "deg", "degree", "degrees", "degreofarc", "grad"] },
  "°/s": { spellings: ["deg/s", "deg/sec", "degree/s", "degrees/s", "degreofarcpersecon"] },
  Nm: { spellings: ["n-m", "newtometer", "newtonmeter"] },
};

/** What people write where there is no unit. SED is "state encoded data". */
const NONE =
  /^(?:-*|1|none|no|na|n\/a|tbd|undefined|unitless|number|count|counts|mixed|ascii|binary|bool|boolean|flag|bit|bits|enum|discrete|state|status|stage|steps|sed|yes\/no|on\/off)$/;

/** Where another case is another unit: S is siemens, MW a million kW. */
const CASE_MATTERS = /^(?:.|m[A-Z])$/;

const canonical = new Map<string, string>();
for (const [unit, { spellings = [] }] of Object.entries(units)) {
  if (!CASE_MATTERS.test(unit)) canonical.set(unit.toLowerCase(), unit);
  for (const spelling of spellings) canonical.set(spelling, unit);
}

/** `deg C`, `Unit_DegreCelsi`, `°C` → `°C`; undefined where there is none; an unknown unit as it is, tidied. */
export function unitOf(text: string): string | undefined {
  const tidy = text.replace(/[\s\p{C}]+/gu, " ").trim();
  if (Object.hasOwn(units, tidy)) return tidy;
  const plain = tidy
    .toLowerCase()
    .replace(/^unit_/, "")
    .replace(/[ ^*._]+/g, "");
  return NONE.test(plain) ? undefined : (canonical.get(plain) ?? tidy);
}

/** Home Assistant's device class of a quantity in this unit; undefined where the unit does not tell. */
export function deviceClassOf(unit: string): string | undefined {
  return Object.hasOwn(units, unit) ? units[unit]?.deviceClass : undefined;
}
