// ISO 15765-2 on classic CAN with normal addressing: the high nibble of the first byte says what a frame is.
export const SINGLE_FRAME = 0;
export const FIRST_FRAME = 1;
export const CONSECUTIVE_FRAME = 2;
export const FLOW_CONTROL = 3;

/** Flow status of a flow control frame; all others mean that the receiver has no room. */
export const CONTINUE_TO_SEND = 0;
export const WAIT = 1;

/** Longest message with a 12-bit length. */
export const MAX_LENGTH = 4095;

/** Longest silence within a message (N_Cr, N_Bs). */
export const TIMEOUT_MS = 1000;

export const frameKind = (data: Uint8Array): number => (data[0] ?? 0xff) >> 4;
