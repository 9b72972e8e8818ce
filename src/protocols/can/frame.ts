import type { CanFrame } from "#domain/can-frame.ts";

export const MAX_STANDARD_ID = 0x7ff;
export const MAX_EXTENDED_ID = 0x1fffffff;

/** Bytes per data length code of CAN FD (ISO 11898-1); the first nine are those of classical CAN. */
export const FD_LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

/** The smallest data length code that holds so many bytes. */
export function lengthCode(length: number): number {
  const code = FD_LENGTHS.findIndex((bytes) => bytes >= length);
  return code < 0 ? 15 : code;
}

export const NO_DATA = new Uint8Array(0);

export function dataFrame(
  time: number,
  id: number,
  extended: boolean,
  fd: boolean,
  direction: CanFrame["direction"],
  channel: string,
  data: Uint8Array,
): CanFrame {
  return { time, id, extended, type: "data", fd, direction, channel, data, length: data.length };
}

/** `length`: how many bytes the sender asks for. */
export function remoteFrame(
  time: number,
  id: number,
  extended: boolean,
  direction: CanFrame["direction"],
  channel: string,
  length: number,
): CanFrame {
  return { time, id, extended, type: "remote", fd: false, direction, channel, data: NO_DATA, length };
}

/** `id`: the error class bits of linux/can/error.h where the source has them, else 0. */
export function errorFrame(
  time: number,
  id: number,
  direction: CanFrame["direction"],
  channel: string,
  data: Uint8Array,
): CanFrame {
  return { time, id, extended: false, type: "error", fd: false, direction, channel, data, length: data.length };
}

/** Why no frame can have this id; undefined when one can. */
export function idProblem(id: number, extended: boolean): string | undefined {
  // NaN fails every comparison.
  if (id >= 0 && id <= (extended ? MAX_EXTENDED_ID : MAX_STANDARD_ID)) return undefined;
  return Number.isNaN(id) ? "no identifier" : "identifier out of range";
}
