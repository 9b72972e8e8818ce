import type { LeafGeneration } from "#protocols/leaf/generation.ts";
import { seededRandom } from "../random.ts";
import { type Activity, itinerary } from "./itinerary.ts";
import { type Specification, specifications } from "./specification.ts";

const GRAVITY = 9.81;
const ROLLING = 0.011;
/** Air density / 2 × drag coefficient × frontal area. */
const DRAG = 0.5 * 1.2 * 0.29 * 2.27;
const ACCELERATION = 2.2;
const BRAKING = 1.9;
const REGENERATION_NM = 90;
const REGENERATION_W = 30_000;
/** What the drive train passes on. */
const EFFICIENCY = 0.9;
const AUXILIARY_W = 450;
/** Pack: J/K, and W/K to the air. */
const PACK_HEAT_CAPACITY = 260_000;
const PACK_COOLING = 25;
const MOTOR_HEAT_CAPACITY = 45_000;
const MOTOR_COOLING = 30;
const CHARGE_RAMP_S = 8;
const CELLS = 96;

/** A Leaf's physics and habits: what its frames tell. Advances in small steps; the same seed lives the same life. */
export class Car {
  readonly generation: LeafGeneration;
  readonly specification: Specification;
  readonly outsideTemperature: number;
  readonly #itinerary: Generator<Activity, never>;
  readonly #random: () => number;
  activity: Activity;
  /** Since the activity began. */
  seconds = 0;
  /** km/h, negative backwards. */
  speed = 0;
  distanceKm = 0;
  energyWh: number;
  packVoltage = 0;
  /** A, into the battery positive. */
  packCurrent = 0;
  motorTorque = 0;
  /** 0 to 1 */
  throttle = 0;
  batteryTemperature: number;
  motorTemperature: number;

  constructor(generation: LeafGeneration, seed: number) {
    this.generation = generation;
    this.specification = specifications[generation];
    const random = seededRandom(seed);
    this.#random = random;
    this.energyWh = this.specification.usableWh * (0.62 + 0.2 * random());
    this.outsideTemperature = Math.round(8 + 14 * random());
    this.batteryTemperature = this.outsideTemperature + 4;
    this.motorTemperature = this.outsideTemperature + 6;
    this.#itinerary = itinerary(random, () => this.stateOfCharge);
    this.activity = this.#itinerary.next().value;
    this.#draw(0);
  }

  /** % */
  get stateOfCharge(): number {
    return (100 * this.energyWh) / this.specification.usableWh;
  }

  get awake(): boolean {
    return this.activity.kind !== "asleep";
  }

  get on(): boolean {
    return this.activity.kind === "drive" || this.activity.kind === "ready";
  }

  get pluggedIn(): boolean {
    return this.activity.kind === "plugged" || this.activity.kind === "charge" || this.activity.kind === "charged";
  }

  get motorSpeed(): number {
    return this.speed * this.specification.rpmPerKmh;
  }

  /** W that the charger gives. */
  get chargingPower(): number {
    if (this.activity.kind !== "charge") return 0;
    const full = this.activity.quick ? this.specification.quickChargeW : this.specification.acChargerW;
    const ramp = Math.min(1, this.seconds / CHARGE_RAMP_S);
    // The last tenth goes in ever more slowly.
    const taper = Math.min(1, Math.max(0, (100 - this.stateOfCharge) / 10));
    return full * ramp * taper;
  }

  /** V; follows the state of charge, each cell a little different. */
  cellVoltage(cell: number): number {
    return this.packVoltage / CELLS + (((cell * 7) % 11) - 5) * 0.001;
  }

  advance(seconds: number): void {
    this.seconds += seconds;
    while (this.seconds >= this.activity.seconds) {
      this.seconds -= this.activity.seconds;
      this.activity = this.#itinerary.next().value;
    }
    const mechanicalW = this.#move(seconds);
    const electricalW = mechanicalW >= 0 ? mechanicalW / EFFICIENCY : mechanicalW * EFFICIENCY;
    const auxiliaryW = this.on ? AUXILIARY_W * (0.95 + 0.1 * this.#random()) : 0;
    this.#draw(electricalW + auxiliaryW - this.chargingPower);
    this.energyWh += (this.packVoltage * this.packCurrent * seconds) / 3600;
    this.energyWh = Math.min(this.specification.usableWh, Math.max(0, this.energyWh));
    this.#warm(seconds, Math.abs(mechanicalW) * (1 - EFFICIENCY));
  }

  /** Moves towards the wanted speed; W at the motor's shaft, negative while it brakes. */
  #move(seconds: number): number {
    const wanted = this.activity.kind === "drive" ? this.activity.kmh / 3.6 : 0;
    const before = this.speed / 3.6;
    const { massKg, maxTorqueNm, maxPowerW } = this.specification;
    const limit = Math.abs(wanted) > Math.abs(before) ? ACCELERATION / (1 + Math.abs(before) / 25) : BRAKING;
    const after = before + Math.max(-limit * seconds, Math.min(limit * seconds, wanted - before));
    this.speed = after * 3.6;
    this.distanceKm += (Math.abs(after) * seconds) / 1000;
    if (before === 0 && after === 0) {
      this.motorTorque = 0;
      this.throttle = 0;
      return 0;
    }
    const resistance = Math.sign(after || before) * (massKg * GRAVITY * ROLLING + DRAG * after * after);
    const force = (massKg * (after - before)) / seconds + resistance;
    const radiansPerSecond = (this.motorSpeed * 2 * Math.PI) / 60;
    const asked = radiansPerSecond === 0 ? 0 : (force * after) / radiansPerSecond;
    // Regeneration fades out at walking pace; the friction brakes do the rest.
    const most = Math.min(maxTorqueNm, maxPowerW / Math.max(1, Math.abs(radiansPerSecond)));
    const regeneration =
      Math.min(REGENERATION_NM, REGENERATION_W / Math.max(1, Math.abs(radiansPerSecond))) *
      Math.min(1, Math.abs(this.speed) / 10);
    const braking = Math.sign(asked) !== Math.sign(after);
    const bound = braking ? regeneration : most;
    this.motorTorque = Math.max(-bound, Math.min(bound, asked));
    this.throttle = braking ? 0 : Math.min(1, Math.abs(this.motorTorque) / maxTorqueNm);
    return this.motorTorque * radiansPerSecond;
  }

  /** Takes power out of the pack (or puts it in, when negative): voltage and current that fit each other. */
  #draw(watts: number): void {
    const open = CELLS * (3.45 + 0.0068 * this.stateOfCharge);
    const resistance = this.specification.resistanceOhm;
    // U = open + R·I and U·I = -W.
    this.packCurrent = (-open + Math.sqrt(Math.max(0, open * open - 4 * resistance * watts))) / (2 * resistance);
    this.packVoltage = open + resistance * this.packCurrent;
  }

  #warm(seconds: number, motorLossW: number): void {
    const packLossW = this.packCurrent * this.packCurrent * this.specification.resistanceOhm;
    const packFlowW = PACK_COOLING * (this.batteryTemperature - this.outsideTemperature);
    const motorFlowW = MOTOR_COOLING * (this.motorTemperature - this.outsideTemperature);
    this.batteryTemperature += (seconds * (packLossW - packFlowW)) / PACK_HEAT_CAPACITY;
    this.motorTemperature += (seconds * (motorLossW - motorFlowW)) / MOTOR_HEAT_CAPACITY;
  }
}
