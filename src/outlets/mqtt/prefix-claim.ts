import { randomBytes } from "node:crypto";
import type { Clock } from "#domain/clock.ts";
import type { Link } from "./link.ts";
import type { RetainedBoard } from "./retained-board.ts";
import type { TopicTree } from "./topics.ts";

/** Within this another Carport that has the prefix objects. */
const CLAIM_MS = 2_000;
const ASSERT_AGAIN_MS = 10_000;

const INSTANCE = /^carport-[0-9a-f]{12}$/;

/** Unique to one run of Carport; also its client id. */
export const newInstance = (): string => `carport-${randomBytes(6).toString("hex")}`;

export interface ClaimOptions {
  readonly topics: TopicTree;
  readonly board: RetainedBoard;
  readonly clock: Clock;
  /** Our own. */
  readonly instance: string;
  /** Somebody else has the prefix. */
  readonly onLost: () => void;
}

/**
 * Sees to it that one Carport alone uses a prefix: two would clear away each other's topics. Who has it says so on the
 * topic `instance`, and again when another one claims it there.
 */
export class PrefixClaim {
  readonly #options: ClaimOptions;
  readonly #topic: string;
  #held = false;
  /** Whose it was when we came. */
  #before: string | undefined;
  #assertedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ClaimOptions) {
    this.#options = options;
    this.#topic = options.topics.topic("instance", {});
  }

  /** Takes what stands or is said on the topic. False when it makes no sense there. */
  hear(text: string, retained: boolean): boolean {
    const { instance, onLost } = this.#options;
    if (!INSTANCE.test(text)) return text === "";
    if (text === instance) return true;
    if (retained) this.#before = text;
    else if (this.#held && !this.#givesWay(text)) this.#assert();
    else onLost();
    return true;
  }

  /** Asks for the prefix where somebody may still use it; `onLost` tells of an objection. `alive`: the last owner never said goodbye. */
  async stake(link: Link, alive: boolean, signal: AbortSignal): Promise<void> {
    const { topics, instance, clock } = this.#options;
    if (this.#before === undefined || !alive) return;
    await link.subscribe([this.#topic]);
    link.publish(topics.message("instance", {}, instance), () => undefined);
    await clock.sleep(CLAIM_MS, signal);
  }

  /** From now on it is ours. */
  hold(): void {
    const { topics, board, instance } = this.#options;
    this.#held = true;
    board.show(topics.message("instance", {}, instance));
  }

  /** When neither does, as after both come back from a broken network, the smaller id stays. */
  #givesWay(other: string): boolean {
    const { clock, instance } = this.#options;
    return clock.monotonic() - this.#assertedAt < ASSERT_AGAIN_MS && other < instance;
  }

  #assert(): void {
    this.#assertedAt = this.#options.clock.monotonic();
    this.#options.board.repeat(this.#topic);
  }
}
