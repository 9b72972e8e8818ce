import { readFileSync } from "node:fs";
import type { ErrorCode } from "#domain/error.ts";

/** ARPHRD_CAN of linux/if_arp.h. */
const HARDWARE_TYPE_CAN = 280;
/** IFF_UP of linux/if.h. */
const UP = 1;

/** Why the interface cannot be read from; undefined when it can. `sys` and `proc` are where those are mounted. */
export function interfaceProblem(name: string, sys = "/sys", proc = "/proc"): ErrorCode | undefined {
  const type = read(`${sys}/class/net/${name}/type`);
  if (type === undefined) return hasCan(proc) ? "CAN_INTERFACE_MISSING" : "CAN_NOT_SUPPORTED";
  if (Number(type) !== HARDWARE_TYPE_CAN) return "CAN_INTERFACE_NOT_CAN";
  return isUp(name, sys) ? undefined : "CAN_INTERFACE_DOWN";
}

/** False when the interface is down or gone. */
export function isUp(name: string, sys = "/sys"): boolean {
  return (Number(read(`${sys}/class/net/${name}/flags`)) & UP) !== 0;
}

/** Whether the kernel knows the protocol; its modules come with the first socket. */
function hasCan(proc: string): boolean {
  return /^CAN_RAW\b/m.test(read(`${proc}/net/protocols`) ?? "");
}

/**
 * Frames that the interface has handed to the sockets of this machine so far, in total: those from the bus and, since
 * the kernel shows every sender's frames to all others, those sent from here. undefined where the kernel does not tell.
 */
export function deliveredFrames(name: string, sys = "/sys"): number | undefined {
  const statistics = `${sys}/class/net/${name}/statistics`;
  const received = count(`${statistics}/rx_packets`);
  const sent = count(`${statistics}/tx_packets`);
  if (received === undefined || sent === undefined) return undefined;
  // vcan counts what is sent as received, too.
  return isVirtual(name, sys) ? received : received + sent;
}

/** Frames that the adapter or its driver lost before they became the kernel's. */
export function overrunFrames(name: string, sys = "/sys"): number {
  return count(`${sys}/class/net/${name}/statistics/rx_over_errors`) ?? 0;
}

function isVirtual(name: string, sys: string): boolean {
  return read(`${sys}/class/net/${name}/device/uevent`) === undefined;
}

function count(path: string): number | undefined {
  const text = read(path);
  return text === undefined ? undefined : Number(text);
}

/** These files are made by the kernel as they are read: there is no disk to wait for. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return undefined;
  }
}
