import type { CanBus } from "#domain/can-frame.ts";

/** Control units that are asked. */
export const ecuNames = ["battery", "vehicle", "meter"] as const;
export type EcuName = (typeof ecuNames)[number];

/** CAN ids of request and reply. */
export const ecus: Readonly<Record<EcuName, { readonly request: number; readonly reply: number }>> = {
  battery: { request: 0x79b, reply: 0x7bb },
  vehicle: { request: 0x797, reply: 0x79a },
  meter: { request: 0x743, reply: 0x763 },
};

export interface DiagnosticRead {
  readonly ecu: EcuName;
  /** Service and what to read: `21 01`. */
  readonly request: readonly number[];
}

/** Everything Carport may ask a car. All of it reads; nothing clears, writes, commands or opens a session. */
export const listedReads: readonly DiagnosticRead[] = [
  { ecu: "battery", request: [0x21, 0x01] },
  { ecu: "battery", request: [0x21, 0x02] },
  { ecu: "battery", request: [0x21, 0x04] },
  { ecu: "battery", request: [0x21, 0x06] },
  { ecu: "battery", request: [0x21, 0x61] },
  { ecu: "vehicle", request: [0x22, 0x11, 0x03] },
  { ecu: "meter", request: [0x22, 0x0e, 0x01] },
  { ecu: "meter", request: [0x22, 0x0e, 0x25] },
  { ecu: "meter", request: [0x22, 0x0e, 0x26] },
  { ecu: "meter", request: [0x22, 0x0e, 0x27] },
  { ecu: "meter", request: [0x22, 0x0e, 0x28] },
];

/** ISO-TP: all of it, 10 ms apart, as the testers send it that these cars know. */
const flowControl = Uint8Array.of(0x30, 0x00, 0x0a, 0, 0, 0, 0, 0);

function requestFrame({ request }: DiagnosticRead): Uint8Array {
  const data = new Uint8Array(8);
  data[0] = request.length;
  data.set(request, 1);
  return data;
}

const frameText = (id: number, data: Uint8Array): string => `${id.toString(16)}#${Buffer.from(data).toString("hex")}`;

const mayLeave: ReadonlySet<string> = new Set([
  ...listedReads.map((read) => frameText(ecus[read.ecu].request, requestFrame(read))),
  ...Object.values(ecus).map(({ request }) => frameText(request, flowControl)),
]);

/** The only way from Carport to a Leaf's bus: a frame that is not one of the listed reads does not pass. */
export class ReadGate {
  readonly #send: NonNullable<CanBus["send"]>;

  constructor(send: NonNullable<CanBus["send"]>) {
    this.#send = send;
  }

  ask(read: DiagnosticRead): void {
    this.#pass(read.ecu, requestFrame(read));
  }

  /** Lets a control unit go on after the first frame of a long reply. */
  continue(ecu: EcuName): void {
    this.#pass(ecu, flowControl.slice());
  }

  #pass(ecu: EcuName, data: Uint8Array): void {
    const id = ecus[ecu].request;
    if (!mayLeave.has(frameText(id, data))) throw new TypeError("not one of the listed reads");
    this.#send({ id, extended: false, data });
  }
}
