/**
 * Which units and state classes Home Assistant accepts with a sensor's device class
 * (homeassistant/components/sensor/const.py, DEVICE_CLASS_UNITS and DEVICE_CLASS_STATE_CLASSES). It drops an entity that
 * breaks them. Classes whose states are no numbers are not in here.
 */
interface SensorClass {
  readonly units: readonly string[];
  /** All of them where absent. */
  readonly stateClasses?: readonly string[];
}

const MEASUREMENT = ["measurement"];
const TOTALS = ["total", "total_increasing"];
const ENERGY = ["J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh", "cal", "kcal", "Mcal", "Gcal"];
const TEMPERATURE = ["°C", "°F", "K"];
const DISTANCE = ["mm", "cm", "m", "km", "in", "ft", "yd", "mi", "nmi"];

const table: Readonly<Record<string, SensorClass>> = {
  battery: { units: ["%"], stateClasses: MEASUREMENT },
  current: { units: ["μA", "mA", "A"], stateClasses: MEASUREMENT },
  data_rate: {
    units: ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "B/s", "kB/s", "MB/s", "GB/s"],
    stateClasses: MEASUREMENT,
  },
  data_size: { units: ["bit", "kbit", "Mbit", "Gbit", "B", "kB", "MB", "GB"] },
  distance: { units: DISTANCE },
  duration: { units: ["d", "h", "min", "s", "ms", "μs"] },
  energy: { units: ENERGY, stateClasses: TOTALS },
  energy_distance: { units: ["kWh/100km", "Wh/km", "mi/kWh", "km/kWh"], stateClasses: MEASUREMENT },
  energy_storage: { units: ENERGY, stateClasses: MEASUREMENT },
  frequency: { units: ["Hz", "kHz", "MHz", "GHz"], stateClasses: MEASUREMENT },
  humidity: { units: ["%"], stateClasses: MEASUREMENT },
  illuminance: { units: ["lx"], stateClasses: MEASUREMENT },
  power: { units: ["mW", "W", "kW", "MW", "GW", "TW", "BTU/h"], stateClasses: MEASUREMENT },
  pressure: {
    units: ["mPa", "Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "psi"],
    stateClasses: MEASUREMENT,
  },
  signal_strength: { units: ["dB", "dBm"], stateClasses: MEASUREMENT },
  speed: { units: ["mm/s", "m/s", "km/h", "ft/s", "in/s", "mph", "kn"], stateClasses: MEASUREMENT },
  temperature: { units: TEMPERATURE, stateClasses: MEASUREMENT },
  temperature_delta: { units: TEMPERATURE, stateClasses: MEASUREMENT },
  voltage: { units: ["μV", "mV", "V", "kV", "MV"], stateClasses: MEASUREMENT },
  volume: { units: ["m³", "L", "mL", "gal", "fl. oz.", "ft³", "CCF", "MCF"], stateClasses: TOTALS },
  volume_storage: { units: ["m³", "L", "mL", "gal", "fl. oz.", "ft³", "CCF", "MCF"], stateClasses: MEASUREMENT },
};

export const sensorClasses: ReadonlyMap<string, SensorClass> = new Map(Object.entries(table));

/** homeassistant/components/binary_sensor/__init__.py, BinarySensorDeviceClass. */
export const binarySensorClasses: ReadonlySet<string> = new Set([
  "battery",
  "battery_charging",
  "cold",
  "connectivity",
  "door",
  "garage_door",
  "heat",
  "light",
  "lock",
  "motion",
  "moving",
  "occupancy",
  "opening",
  "plug",
  "power",
  "presence",
  "problem",
  "running",
  "safety",
  "tamper",
  "vibration",
  "window",
]);
