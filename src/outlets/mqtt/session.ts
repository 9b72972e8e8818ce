import type { Clock } from "#domain/clock.ts";
import { CarportError, isCarportError } from "#domain/error.ts";
import { aborted } from "#hub/aborted.ts";
import type { Agenda } from "./agenda.ts";
import type { Announcer } from "./announcer.ts";
import type { Commands } from "./commands.ts";
import type { Discovery } from "./discovery.ts";
import type { GarageMirror } from "./garage-mirror.ts";
import type { Housekeeping } from "./housekeeping.ts";
import type { Link } from "./link.ts";
import { PrefixClaim } from "./prefix-claim.ts";
import { MOST_IN_FLIGHT, type RetainedBoard } from "./retained-board.ts";
import type { TopicTree } from "./topics.ts";

/** Retained messages come in one go; a broker that is busy pauses in between. */
const QUIET_MS = 500;
const LONGEST_SWEEP_MS = 10_000;
/** All apps answer Home Assistant's start: not all at once. */
const AFTER_BIRTH_MS = { least: 1_000, spread: 4_000, every: 10_000 };
/** Something that empties our topics again and again gets no race. */
const AFTER_EMPTYING_MS = { least: 1_000, spread: 2_000, every: 15_000 };
/** Of what may be un-acknowledged, for messages that pass; the rest is the board's. */
const PASSING_SHARE = 1 / 4;
const GOODBYE_MS = 1_500;
/** The largest page of ours is far below. */
const LARGEST_PAYLOAD = 1024 * 1024;

/** Why a session ends when another prefix takes over. */
export const WITHDRAW = Symbol("withdraw");

export interface SessionContext {
  readonly topics: TopicTree;
  readonly board: RetainedBoard;
  readonly announcer: Announcer;
  readonly commands: Commands;
  readonly discovery: Discovery;
  readonly mirror: GarageMirror;
  readonly housekeeping: Housekeeping;
  readonly agenda: Agenda;
  readonly clock: Clock;
  /** [0, 1) */
  readonly random: () => number;
  /** Of this run of Carport, as on the topic `instance`. */
  readonly instance: string;
  /** `host:port`, for errors. */
  readonly broker: string;
  /** Home Assistant has said that it is there, or goes. */
  readonly onBirth: (status: "online" | "offline") => void;
  /** Something that was received made no sense. */
  readonly onDiscard: () => void;
  /** Something is not as it should be, but the session goes on. */
  readonly onFault: (fault: CarportError) => void;
}

/** What is said and heard over one connection, from the first subscription to the goodbye. */
export class Session {
  readonly #link: Link;
  readonly #context: SessionContext;
  readonly #over = new AbortController();
  readonly #claim: PrefixClaim;
  #disputed = false;
  #sweeping = false;
  #heard = false;
  #announced = false;
  /** When we came. */
  #statusBefore = "";
  #answeredBirthAt = Number.NEGATIVE_INFINITY;
  #restoredAt = Number.NEGATIVE_INFINITY;
  readonly #emptied = new Set<string>();

  constructor(link: Link, context: SessionContext) {
    this.#link = link;
    this.#context = context;
    const onLost = () => {
      this.#disputed = true;
      this.#over.abort();
    };
    this.#claim = new PrefixClaim({ ...context, onLost });
  }

  /**
   * Returns when the link is closed or, after a goodbye, when the signal fires. With WITHDRAW as its reason nothing of
   * ours stays at the broker. Throws MQTT_PREFIX_IN_USE.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { announcer, board, mirror, topics, agenda } = this.#context;
    const end = () => this.#over.abort();
    void this.#link.closed.then(end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    try {
      await this.#subscribe([topics.birth, topics.discoveryFilter]);
      await this.sweep();
      await this.#claim.stake(this.#link, this.#statusBefore === "online", this.#over.signal);
      await this.#subscribe([topics.topic("status", {}), topics.topic("instance", {})]);
      if (!this.#over.signal.aborted) {
        this.#announced = true;
        board.show(topics.message("status", {}, "online"));
        this.#claim.hold();
        mirror.announce();
        const share = Math.floor(Math.min(this.#link.receiveMaximum, MOST_IN_FLIGHT) * PASSING_SHARE);
        board.attach(this.#link.publish, this.#link.receiveMaximum - share);
        announcer.attach(this.#link.publish, share);
        await this.#subscribe([topics.commandFilter]);
        this.#tidy();
        await aborted(this.#over.signal);
      }
      if (this.#disputed) throw new CarportError("MQTT_PREFIX_IN_USE", `${this.#context.broker}: ${topics.prefix}`);
      if (signal.aborted && this.#announced) await this.#sayGoodbye(signal.reason === WITHDRAW);
    } finally {
      signal.removeEventListener("abort", end);
      agenda.cancel(this.#tidy);
      agenda.cancel(this.#answerBirth);
      agenda.cancel(this.#restore);
      board.detach();
      announcer.detach();
    }
  }

  /** Has the broker tell all that is retained below the prefix. What of it is nobody's any more is cleared then. */
  async sweep(): Promise<void> {
    if (this.#sweeping) return;
    const { clock, topics } = this.#context;
    const everything = `${topics.prefix}/#`;
    this.#sweeping = true;
    await this.#subscribe([everything]);
    const latest = clock.monotonic() + LONGEST_SWEEP_MS;
    do {
      this.#heard = false;
      await clock.sleep(QUIET_MS, this.#over.signal);
    } while (this.#heard && clock.monotonic() < latest && !this.#over.signal.aborted);
    if (!this.#over.signal.aborted) await this.#link.unsubscribe(everything);
    this.#sweeping = false;
  }

  /** Takes a message. Whatever it is, it does no harm. */
  receive(topic: string, payload: Buffer, retained: boolean): void {
    const { topics } = this.#context;
    if (retained) this.#heard = true;
    if (retained && this.#announced) this.#context.agenda.soon(this.#tidy, QUIET_MS);
    const text = payload.length > LARGEST_PAYLOAD ? undefined : payload.toString();
    const makesSense = text !== undefined && this.#take(topic, text, retained);
    const ours = topic === topics.birth || topic.startsWith(`${topics.prefix}/`) || topics.parseDiscovery(topic);
    if (!makesSense && ours) this.#context.onDiscard();
  }

  /** False when the payload is none of those that belong on the topic. */
  #take(topic: string, text: string, retained: boolean): boolean {
    const { topics, housekeeping } = this.#context;
    if (topic === topics.birth) return this.#onBirth(text, retained);
    if (topic === topics.topic("status", {})) return this.#onStatus(text, retained);
    if (topic === topics.topic("instance", {})) return this.#claim.hear(text, retained);
    if (topics.parseDiscovery(topic)) return this.#onDiscovery(topic, text, retained);
    const { path, names } = topics.parse(topic) ?? {};
    if (path === "device/<device>/command" && text !== "") {
      return this.#announced && this.#context.commands.take(names?.device ?? "", text, retained);
    }
    return !retained || text === "" || housekeeping.note(topic, text);
  }

  #onBirth(text: string, retained: boolean): boolean {
    // A retained one tells of a start long ago.
    if (text === "online" && !retained) {
      this.#context.agenda.soon(this.#answerBirth, this.#delay(AFTER_BIRTH_MS, this.#answeredBirthAt));
    }
    if (text !== "online" && text !== "offline") return false;
    this.#context.onBirth(text);
    return true;
  }

  #onDiscovery(topic: string, text: string, retained: boolean): boolean {
    const { board, discovery, agenda } = this.#context;
    if (text === "" && board.get(topic) !== undefined) {
      this.#emptied.add(topic);
      agenda.soon(this.#restore, this.#delay(AFTER_EMPTYING_MS, this.#restoredAt));
    }
    return text === "" || !retained || discovery.adopt(topic, text);
  }

  /** Somebody else's word for our state: mostly the broker's, who has just missed an earlier connection of ours. */
  #onStatus(text: string, retained: boolean): boolean {
    const { board, topics } = this.#context;
    if (retained) this.#statusBefore = text;
    else if (this.#announced && text !== "online") board.repeat(topics.topic("status", {}));
    return text === "online" || text === "offline" || text === "";
  }

  readonly #tidy = (): void => {
    this.#context.housekeeping.conclude();
    this.#context.mirror.discoverSoon();
  };

  readonly #answerBirth = (): void => {
    this.#answeredBirthAt = this.#context.clock.monotonic();
    this.#context.mirror.announce();
  };

  readonly #restore = (): void => {
    this.#restoredAt = this.#context.clock.monotonic();
    for (const topic of this.#emptied) this.#context.board.repeat(topic);
    this.#emptied.clear();
  };

  #delay(pace: { least: number; spread: number; every: number }, last: number): number {
    const { clock, random } = this.#context;
    return Math.max(pace.least + pace.spread * random(), last + pace.every - clock.monotonic());
  }

  async #sayGoodbye(withdraw: boolean): Promise<void> {
    const { board, discovery, mirror, topics, clock } = this.#context;
    this.#announced = false;
    if (withdraw) {
      for (const topic of [...discovery.pages, ...board.topics()]) board.clear(topic);
    } else {
      mirror.flush();
      board.show(topics.message("status", {}, "offline"));
    }
    await Promise.race([board.idle(), this.#link.closed, clock.sleep(GOODBYE_MS)]);
  }

  async #subscribe(filters: readonly string[]): Promise<void> {
    try {
      await this.#link.subscribe(filters);
    } catch (error) {
      if (!isCarportError(error)) throw error;
      this.#context.onFault(error);
    }
  }
}
