import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame, errorFrame, MAX_EXTENDED_ID, MAX_STANDARD_ID, remoteFrame } from "../frame.ts";

/** Link types of capture files (tcpdump.org/linktypes) whose packets are or may be CAN frames. */
export const LINK_CAN_SOCKETCAN = 227;
const LINK_LINUX_SLL = 113;
const LINK_LINUX_SLL2 = 276;
/** Ethertypes of the cooked link types (linux/if_ether.h). */
const PROTOCOL_CAN = 0x000c;
const PROTOCOL_CAN_FD = 0x000d;
const PACKET_OUTGOING = 4;

const EXTENDED = 0x80000000;
const REMOTE = 0x40000000;
const ERROR = 0x20000000;
/** CANFD_FDF of linux/can.h in the flags behind the length. */
export const FD_FRAME = 0x04;

const HEADER_SIZE = 8;

/**
 * Adds the CAN frame that a captured packet holds, and says why when it holds none. Packets of other protocols on a
 * cooked interface are no problem.
 *
 * @param hostLittleEndian byte order of the machine that captured: cooked packets leave the id in it
 */
export function addCapturedFrame(
  linkType: number,
  packet: Buffer,
  time: number,
  channel: string,
  hostLittleEndian: boolean,
  frames: CanFrame[],
): string | undefined {
  if (linkType === LINK_CAN_SOCKETCAN) {
    if (packet.length < HEADER_SIZE) return "a packet too short for a CAN frame";
    return addFrame(packet, packet.readUInt32BE(0), time, "rx", channel, false, frames);
  }
  if (linkType !== LINK_LINUX_SLL && linkType !== LINK_LINUX_SLL2)
    return `packets of link type ${linkType}, which is not CAN`;
  const cooked2 = linkType === LINK_LINUX_SLL2;
  const from = cooked2 ? 20 : 16;
  if (packet.length < from) return "a packet too short for its header";
  const protocol = packet.readUInt16BE(cooked2 ? 0 : 14);
  if (protocol !== PROTOCOL_CAN && protocol !== PROTOCOL_CAN_FD) return undefined;
  if (packet.length < from + HEADER_SIZE) return "a packet too short for a CAN frame";
  const sent = (cooked2 ? packet.readUInt8(10) : packet.readUInt16BE(0)) === PACKET_OUTGOING;
  const name = cooked2 ? String(packet.readUInt32BE(4)) : channel;
  const frame = packet.subarray(from);
  const id = hostLittleEndian ? frame.readUInt32LE(0) : frame.readUInt32BE(0);
  return addFrame(frame, id, time, sent ? "tx" : "rx", name, protocol === PROTOCOL_CAN_FD, frames);
}

function addFrame(
  packet: Buffer,
  rawId: number,
  time: number,
  direction: CanFrame["direction"],
  channel: string,
  fdProtocol: boolean,
  frames: CanFrame[],
): string | undefined {
  const length = packet.readUInt8(4);
  const fd = fdProtocol || (packet.readUInt8(5) & FD_FRAME) !== 0 || length > 8;
  if (length > 64) return "more data than a frame can have";
  const extended = (rawId & EXTENDED) !== 0;
  const id = rawId & (extended ? MAX_EXTENDED_ID : MAX_STANDARD_ID);
  if ((rawId & REMOTE) !== 0) {
    frames.push(remoteFrame(time, id, extended, direction, channel, Math.min(length, 8)));
    return undefined;
  }
  if (packet.length < HEADER_SIZE + length) return "less data than the length says";
  const data = Uint8Array.from(packet.subarray(HEADER_SIZE, HEADER_SIZE + length));
  if ((rawId & ERROR) !== 0) frames.push(errorFrame(time, rawId & MAX_EXTENDED_ID, direction, channel, data));
  else frames.push(dataFrame(time, id, extended, fd, direction, channel, data));
  return undefined;
}

/** A frame as a packet of link type 227. */
export function capturedFrame(frame: CanFrame): Buffer {
  const packet = Buffer.alloc(HEADER_SIZE + (frame.fd ? 64 : 8));
  const flags =
    (frame.extended ? EXTENDED : 0) + (frame.type === "remote" ? REMOTE : frame.type === "error" ? ERROR : 0);
  packet.writeUInt32BE(frame.id + flags);
  packet.writeUInt8(frame.length, 4);
  packet.writeUInt8(frame.fd ? FD_FRAME : 0, 5);
  packet.set(frame.data, HEADER_SIZE);
  return packet;
}
