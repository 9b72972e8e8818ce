import type { LeafGeneration } from "#protocols/leaf/generation.ts";
import type { LeafMessage } from "#protocols/leaf/message.ts";
import { messages } from "#protocols/leaf/messages.ts";
import type { Car } from "./car.ts";

/** A message that a car sends again and again while it is awake. */
export interface Scheduled {
  readonly message: LeafMessage;
  readonly length: number;
  readonly periodMs: number;
  /** Undefined: always. */
  readonly when?: (car: Car) => boolean;
  /** Bytes without a known meaning that tell the car alive, by how many frames went before. */
  readonly fill?: (data: Uint8Array, sent: number) => void;
}

interface Row extends Omit<Scheduled, "message" | "length"> {
  readonly id: number;
  /** Data length; 8 unless said otherwise. */
  readonly length?: number;
  readonly generations?: readonly LeafGeneration[];
}

const notCharging = ({ pluggedIn }: Car): boolean => !pluggedIn;
const countUp =
  (at: number, mask: number, base = 0) =>
  (data: Uint8Array, sent: number) => {
    data[at] = base | (sent & mask);
  };

const everyGeneration: readonly Row[] = [
  { id: 0x1d4, periodMs: 10 },
  { id: 0x1da, periodMs: 10 },
  { id: 0x1db, periodMs: 10 },
  { id: 0x1dc, periodMs: 10 },
  { id: 0x1f2, periodMs: 10 },
  { id: 0x284, periodMs: 20, when: notCharging },
  { id: 0x355, periodMs: 40 },
  { id: 0x421, periodMs: 60, length: 3 },
  { id: 0x60d, periodMs: 100 },
  { id: 0x54a, periodMs: 100 },
  { id: 0x54b, periodMs: 100 },
  { id: 0x54c, periodMs: 100 },
  { id: 0x54f, periodMs: 100 },
  { id: 0x55a, periodMs: 100 },
  { id: 0x55b, periodMs: 100 },
  { id: 0x5c5, periodMs: 100 },
  { id: 0x50c, periodMs: 100, length: 6, fill: countUp(3, 3) },
  { id: 0x5c0, periodMs: 500 },
];

const shift: Row = {
  id: 0x11a,
  periodMs: 10,
  fill: (data, sent) => {
    data[3] = sent & 1 ? 0xaa : 0x55;
  },
};

const ownRows: Readonly<Record<LeafGeneration, readonly Row[]>> = {
  ze0: [
    { ...shift, when: notCharging },
    { id: 0x380, periodMs: 100 },
    { id: 0x50a, periodMs: 100, length: 6 },
    { id: 0x50b, periodMs: 100, length: 6 },
    { id: 0x5a9, periodMs: 500 },
    { id: 0x5b9, periodMs: 500, length: 5 },
    { id: 0x5bc, periodMs: 500 },
    { id: 0x5bf, periodMs: 100 },
  ],
  aze0: [
    shift,
    { id: 0x385, periodMs: 100 },
    { id: 0x390, periodMs: 100 },
    { id: 0x393, periodMs: 100 },
    { id: 0x50a, periodMs: 100 },
    { id: 0x50b, periodMs: 100, length: 7 },
    { id: 0x59e, periodMs: 500 },
    { id: 0x5a9, periodMs: 100 },
    { id: 0x5b9, periodMs: 500, length: 7 },
    { id: 0x5bc, periodMs: 100 },
  ],
  ze1: [
    shift,
    { id: 0x108, periodMs: 10, length: 3, fill: countUp(1, 15) },
    { id: 0x120, periodMs: 10, length: 4, fill: countUp(2, 15) },
    { id: 0x1c2, periodMs: 10, length: 1, fill: countUp(0, 15, 0x50) },
    { id: 0x390, periodMs: 100 },
    { id: 0x393, periodMs: 100 },
    { id: 0x3b8, periodMs: 100, length: 5 },
    { id: 0x50a, periodMs: 100 },
    { id: 0x50b, periodMs: 100, length: 7 },
    { id: 0x59e, periodMs: 500 },
    { id: 0x5bc, periodMs: 100 },
  ],
};

/** Everything a car of a generation sends, with the periods of real ones. */
export function scheduleOf(generation: LeafGeneration): readonly Scheduled[] {
  return [...everyGeneration, ...ownRows[generation]].map(({ id, length = 8, ...rest }) => ({
    ...rest,
    length,
    message: messages.find((message) => message.id === id) ?? { id, length, fields: [] },
  }));
}
