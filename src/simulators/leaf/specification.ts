import type { LeafGeneration } from "#protocols/leaf/generation.ts";

/** What differs between the simulated cars. */
export interface Specification {
  /** Energy between 0 and 100 %, as aged as `health` says. */
  readonly usableWh: number;
  readonly fullAh: number;
  /** % */
  readonly health: number;
  readonly resistanceOhm: number;
  readonly massKg: number;
  readonly maxTorqueNm: number;
  readonly maxPowerW: number;
  readonly acChargerW: number;
  readonly quickChargeW: number;
  /** Motor revolutions per minute at 1 km/h. */
  readonly rpmPerKmh: number;
  /** Length of the reply to 21 01, by which testers tell the packs apart. */
  readonly batteryReplyLength: number;
  readonly odometerKm: number;
}

export const specifications: Readonly<Record<LeafGeneration, Specification>> = {
  ze0: {
    usableWh: 18_200,
    fullAh: 55.2,
    health: 85,
    resistanceOhm: 0.11,
    massKg: 1620,
    maxTorqueNm: 280,
    maxPowerW: 80_000,
    acChargerW: 3_300,
    quickChargeW: 40_000,
    rpmPerKmh: 68.97,
    batteryReplyLength: 41,
    odometerKm: 84_210,
  },
  aze0: {
    usableWh: 26_400,
    fullAh: 76.1,
    health: 95,
    resistanceOhm: 0.08,
    massKg: 1640,
    maxTorqueNm: 254,
    maxPowerW: 80_000,
    acChargerW: 6_000,
    quickChargeW: 44_000,
    rpmPerKmh: 69.5,
    batteryReplyLength: 43,
    odometerKm: 61_904,
  },
  ze1: {
    usableWh: 54_600,
    fullAh: 162.2,
    health: 94,
    resistanceOhm: 0.05,
    massKg: 1850,
    maxTorqueNm: 340,
    maxPowerW: 150_000,
    acChargerW: 6_000,
    quickChargeW: 70_000,
    rpmPerKmh: 70.6,
    batteryReplyLength: 53,
    odometerKm: 23_377,
  },
};
