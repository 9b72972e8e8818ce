import { deliveredFrames, overrunFrames } from "./can-interface.ts";

/**
 * Counts frames that an interface delivered and this socket never gave: the kernel drops them when the socket's buffer
 * is full. It tells the number only to those who ask the socket itself, which the module does not; so it is the
 * difference of two totals. A lower bound while frames are under way, exact as soon as the bus pauses, and never a guess
 * upwards.
 */
export class LossMeter {
  readonly #interface: string;
  readonly #sys: string;
  readonly #deliveredBefore: number | undefined;
  readonly #overrunBefore: number;
  #delivered: number | undefined;
  #missing = 0;
  #overrun = 0;

  constructor(name: string, sys = "/sys") {
    this.#interface = name;
    this.#sys = sys;
    this.#deliveredBefore = deliveredFrames(name, sys);
    this.#overrunBefore = overrunFrames(name, sys);
  }

  /** Those the socket lost and those the adapter lost before. */
  get total(): number {
    return this.#missing + this.#overrun;
  }

  /** Notes what the interface has delivered so far. */
  look(): void {
    this.#delivered = deliveredFrames(this.#interface, this.#sys);
    this.#overrun = Math.max(this.#overrun, overrunFrames(this.#interface, this.#sys) - this.#overrunBefore);
  }

  /**
   * To be called when the socket has been emptied after a look; true when there is something new to tell.
   *
   * @param received data and remote frames fetched so far; error frames are made by the driver and not counted by it
   * @param sent frames sent through this socket, which does not get its own back
   */
  settle(received: number, sent: number): boolean {
    if (this.#delivered === undefined || this.#deliveredBefore === undefined) return false;
    const missing = this.#delivered - this.#deliveredBefore - received - sent;
    this.#delivered = undefined;
    if (missing <= this.#missing) return false;
    this.#missing = missing;
    return true;
  }
}
