import type { CanFrame } from "#domain/can-frame.ts";
import { IsoTpReceiver } from "#protocols/isotp/receiver.ts";
import { IsoTpSender } from "#protocols/isotp/sender.ts";
import { type EcuName, ecuNames, ecus } from "#protocols/leaf/reads.ts";
import { type LeafReply, replies } from "#protocols/leaf/replies.ts";
import type { Car } from "./car.ts";
import { type FieldEncoder, fieldEncoders } from "./encoder.ts";

const POSITIVE = 0x40;
const SERVICE_NOT_SUPPORTED = 0x11;
const OUT_OF_RANGE = 0x31;
const CELLS = 96;
const SENSORS = 4;

interface Answer {
  readonly reply: LeafReply;
  readonly length: number;
  readonly fields: readonly FieldEncoder[];
}

/** One control unit that answers diagnostic reads over ISO-TP, in the lengths of the real ones. */
class ControlUnit {
  readonly requestId: number;
  readonly replyId: number;
  readonly #car: Car;
  readonly #answers: readonly Answer[];
  readonly #receiver = new IsoTpReceiver();
  readonly #sender = new IsoTpSender();

  constructor(name: EcuName, car: Car) {
    this.requestId = ecus[name].request;
    this.replyId = ecus[name].reply;
    this.#car = car;
    this.#answers = replies
      .filter(({ ecu }) => ecu === name)
      .map((reply) => ({ reply, length: lengthOf(reply, car), fields: fieldEncoders(car, reply.fields) }))
      .filter(({ reply, length }) => reply.lengths.includes(length));
  }

  hear(data: Uint8Array, time: number): void {
    this.#sender.accept(data, time);
    const request = this.#receiver.accept(data, time);
    if (request !== undefined) this.#sender.start(this.#answer(request), time);
  }

  /** Data of the reply frame that is due. */
  next(time: number): Uint8Array | undefined {
    return this.#sender.next(time);
  }

  #answer(request: Uint8Array): Uint8Array {
    const [service = 0] = request;
    const known = this.#answers.find(({ reply: { prefix } }) =>
      prefix.every((byte, at) => (at === 0 ? byte === service + POSITIVE : byte === request[at])),
    );
    if (known === undefined) {
      const supported = this.#answers.some(({ reply }) => reply.prefix[0] === service + POSITIVE);
      return Uint8Array.of(0x7f, service, supported ? OUT_OF_RANGE : SERVICE_NOT_SUPPORTED);
    }
    const { prefix } = known.reply;
    const message = new Uint8Array(known.length);
    message.set(prefix);
    const data = message.subarray(prefix.length);
    for (const field of known.fields) field.write(data);
    this.#fillComputed(prefix[1] ?? 0, data);
    return message;
  }

  /** What has more than one place per signal: cells, sensors, shunts. */
  #fillComputed(group: number, data: Uint8Array): void {
    if (this.replyId !== ecus.battery.reply) return;
    const view = new DataView(data.buffer, data.byteOffset);
    if (group === 0x02) {
      for (let cell = 0; cell < CELLS; cell++) view.setUint16(cell * 2, Math.round(this.#car.cellVoltage(cell) * 1000));
      view.setUint16(CELLS * 2, Math.round(this.#car.packVoltage * 100));
      view.setUint16(CELLS * 2 + 2, Math.round(this.#car.packVoltage * 100));
    } else if (group === 0x04) {
      data.fill(0xff);
      for (let sensor = 0; sensor < SENSORS; sensor++) {
        // Newer small packs have no third sensor.
        if (sensor === 2 && this.#car.generation === "aze0") continue;
        const celsius = Math.round(this.#car.batteryTemperature) - (sensor & 1);
        view.setUint16(sensor * 3, 710 - Math.round(celsius / 0.102));
        view.setInt8(sensor * 3 + 2, celsius);
      }
    } else if (group === 0x06 && this.#car.generation === "ze1") {
      data.fill(0xff, CELLS / 8);
    }
  }
}

/** Lengths that differ between cars; all other replies have one. */
function lengthOf({ prefix, lengths, ecu }: LeafReply, { specification, generation }: Car): number {
  if (ecu === "battery" && prefix[1] === 0x01) return specification.batteryReplyLength;
  if (ecu === "battery" && prefix[1] === 0x04) return generation === "ze1" ? 31 : 16;
  return lengths[0] ?? 0;
}

/** The control units of a car that a tester can ask. They sleep with the car: then nobody answers. */
export class ControlUnits {
  readonly #car: Car;
  readonly #units: readonly ControlUnit[];

  constructor(car: Car) {
    this.#car = car;
    this.#units = ecuNames.map((name) => new ControlUnit(name, car));
  }

  hear({ id, data, type, extended }: Pick<CanFrame, "id" | "data" | "type" | "extended">, time: number): void {
    if (!this.#car.awake || type !== "data" || extended) return;
    this.#units.find(({ requestId }) => requestId === id)?.hear(data, time);
  }

  /** Frames that are due at this time. */
  *due(time: number): Generator<{ readonly id: number; readonly data: Uint8Array }> {
    for (const unit of this.#units) {
      for (let data = unit.next(time); data !== undefined; data = unit.next(time)) yield { id: unit.replyId, data };
    }
  }
}
