import type { CanFrame } from "#domain/can-frame.ts";
import { CONSECUTIVE_FRAME, FIRST_FRAME, frameKind, SINGLE_FRAME } from "../isotp/pci.ts";
import { type DiagnosticRead, ecus, listedReads, type ReadGate } from "./reads.ts";

/** Between the end of one read and the next. */
const PAUSE_MS = 250;
/** A control unit that has not finished its answer by then will not. */
const ANSWER_MS = 1500;
/** Silence after the last frame of another tester. */
const TESTER_MS = 60_000;
/** A read that fails is tried less and less often, at last this often. */
const MAX_INTERVAL_MS = 3_600_000;

// ISO 14229: a positive response repeats the service with bit 6 set.
const POSITIVE = 0x40;
const NEGATIVE = 0x7f;
const RESPONSE_PENDING = 0x78;

const LOWEST_DIAGNOSTIC_ID = 0x740;
/** Ids on which testers ask the control units of a Leaf, one each and all of them. */
const testerIds: ReadonlySet<number> = new Set([
  0x740, 0x743, 0x744, 0x745, 0x746, 0x747, 0x758, 0x784, 0x792, 0x793, 0x797, 0x79b, 0x7df,
]);

export interface PollerCounters {
  readonly asked: number;
  readonly answered: number;
  /** No answer, or a refusal. */
  readonly failed: number;
  /** Frames of another tester, to which Carport gave way. */
  readonly otherTester: number;
}

interface Due {
  readonly read: DiagnosticRead;
  at: number;
  failures: number;
}

interface OpenRead {
  readonly due: Due;
  until: number;
  /** Bytes of a long reply still to come. */
  left: number;
}

/**
 * Asks the listed reads in turn, one at a time, each every `intervalMs`, while `tick` is told that the car is awake of
 * its own. Gives way to any other tester for a minute. Times are monotonic ms.
 */
export class DiagnosticPoller {
  readonly #gate: ReadGate;
  readonly #intervalMs: number;
  readonly #due: readonly Due[];
  #open: OpenRead | undefined;
  #notBefore = 0;
  #asked = 0;
  #answered = 0;
  #failed = 0;
  #otherTester = 0;

  constructor(gate: ReadGate, intervalMs: number) {
    this.#gate = gate;
    this.#intervalMs = intervalMs;
    this.#due = listedReads.map((read) => ({ read, at: 0, failures: 0 }));
  }

  get counters(): PollerCounters {
    return { asked: this.#asked, answered: this.#answered, failed: this.#failed, otherTester: this.#otherTester };
  }

  /** Every frame received from the bus. */
  hear({ id, data, type, extended, direction }: CanFrame, now: number): void {
    if (id < LOWEST_DIAGNOSTIC_ID || extended || type !== "data" || direction === "tx") return;
    const open = this.#open;
    if (open !== undefined && id === ecus[open.due.read.ecu].reply) {
      this.#hearReply(open, data, now);
    } else if (testerIds.has(id)) {
      this.#otherTester++;
      this.#open = undefined;
      this.#notBefore = now + TESTER_MS;
    }
  }

  /** Asks the next read when it is time. `mayAsk`: the car would be awake without us. */
  tick(now: number, mayAsk: boolean): void {
    if (this.#open !== undefined) {
      if (now > this.#open.until) this.#close(this.#open, now, false);
      return;
    }
    if (!mayAsk || now < this.#notBefore) return;
    const due = this.#due.reduce((first, other) => (other.at < first.at ? other : first));
    if (due.at > now) return;
    this.#asked++;
    this.#open = { due, until: now + ANSWER_MS, left: 0 };
    this.#gate.ask(due.read);
  }

  #hearReply(open: OpenRead, data: Uint8Array, now: number): void {
    const { ecu, request } = open.due.read;
    const positive = (request[0] ?? 0) + POSITIVE;
    switch (frameKind(data)) {
      case SINGLE_FRAME:
        if (data[1] === positive) this.#close(open, now, true);
        else if (data[1] === NEGATIVE && data[3] === RESPONSE_PENDING) open.until = now + ANSWER_MS;
        else if (data[1] === NEGATIVE) this.#close(open, now, false);
        return;
      case FIRST_FRAME:
        if (data[2] !== positive) return;
        open.left = (((data[0] ?? 0) & 15) << 8) + (data[1] ?? 0) - 6;
        open.until = now + ANSWER_MS;
        this.#gate.continue(ecu);
        return;
      case CONSECUTIVE_FRAME:
        if (open.left === 0) return;
        open.until = now + ANSWER_MS;
        open.left -= 7;
        if (open.left <= 0) this.#close(open, now, true);
    }
  }

  #close({ due }: OpenRead, now: number, answered: boolean): void {
    this.#open = undefined;
    this.#notBefore = now + PAUSE_MS;
    if (answered) this.#answered++;
    else this.#failed++;
    due.failures = answered ? 0 : due.failures + 1;
    due.at = now + Math.min(this.#intervalMs * 2 ** due.failures, Math.max(this.#intervalMs, MAX_INTERVAL_MS));
  }
}
