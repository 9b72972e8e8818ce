import type { Clock } from "#domain/clock.ts";
import { type CarportError, toCarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import type { Garage, GarageOwner } from "#hub/garage.ts";
import { Agenda } from "./agenda.ts";
import { Announcer } from "./announcer.ts";
import { Commands } from "./commands.ts";
import { Connection, type ConnectionStatus } from "./connection.ts";
import { Discovery } from "./discovery.ts";
import { GarageMirror } from "./garage-mirror.ts";
import { Housekeeping } from "./housekeeping.ts";
import { brokerName, type Link, type MqttSettings } from "./link.ts";
import { Readings } from "./readings.ts";
import { RetainedBoard } from "./retained-board.ts";
import { Session } from "./session.ts";
import { SystemPublication } from "./system-publication.ts";
import { TopicTree } from "./topics.ts";

const SWEEP_AFTER_REMOVAL_MS = 3_000;

export interface OutletOptions {
  readonly garage: Garage;
  /** Does what commands ask for; without one they are ignored. */
  readonly owner?: GarageOwner;
  readonly settings: MqttSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Carport's own. */
  readonly version: string;
  /** Unique to this run of the outlet; also the client id. */
  readonly instance: string;
  /** [0, 1) */
  readonly random: () => number;
}

export type OutletCounters = {
  /** Messages the broker took. */
  readonly sent: number;
  /** Samples that were not worth a message (dead-band, interval). */
  readonly suppressed: number;
  /** Messages the broker did not take. */
  readonly dropped: number;
  /** Received messages that made no sense, and samples that were no numbers. */
  readonly discarded: number;
};

/** The garage at one broker, under one set of settings. */
export class Outlet {
  readonly #options: OutletOptions;
  readonly #agenda: Agenda;
  readonly #board: RetainedBoard;
  readonly #announcer = new Announcer();
  readonly #commands: Commands;
  readonly #mirror: GarageMirror;
  readonly #connection: Connection;
  readonly #topics: TopicTree;
  readonly #discovery: Discovery;
  readonly #housekeeping: Housekeeping;
  #session: Session | undefined;
  #fault: CarportError | undefined;
  #homeAssistant: "online" | "offline" | undefined;
  #discarded = 0;

  constructor(options: OutletOptions) {
    const { garage, owner, settings, clock, log, version, instance, random } = options;
    this.#options = options;
    this.#topics = new TopicTree(settings.prefix, settings.discoveryPrefix);
    this.#agenda = new Agenda(clock, (error) => this.#onFault(toCarportError(error, "MQTT")));
    this.#board = new RetainedBoard((message, error) => this.#onFault(toCarportError(error, message.topic)));
    this.#discovery = new Discovery(garage, this.#topics, this.#board, version);
    const tell = this.#announcer.tell.bind(this.#announcer);
    this.#commands = new Commands(owner, this.#topics, tell);
    this.#mirror = new GarageMirror({
      garage,
      topics: this.#topics,
      board: this.#board,
      discovery: this.#discovery,
      agenda: this.#agenda,
      clock,
      readings: new Readings(garage, this.#topics, this.#agenda, clock, tell),
      system: new SystemPublication(garage, this.#topics, this.#board, version, clock.now()),
      onRemoval: () => this.#agenda.soon(this.#sweep, SWEEP_AFTER_REMOVAL_MS),
    });
    this.#housekeeping = new Housekeeping(this.#topics, this.#board, this.#mirror, this.#agenda);
    this.#connection = new Connection({
      link: {
        settings,
        clientId: instance,
        will: this.#topics.message("status", {}, "offline"),
        receive: (topic, payload, retained) => this.#session?.receive(topic, payload, retained),
      },
      clock,
      log,
      random,
      serve: (link, signal) => this.#serve(link, signal),
    });
  }

  /** Returns when the signal fires and the broker knows that Carport has gone, or 2.5 s later. */
  async run(signal: AbortSignal): Promise<void> {
    const { garage } = this.#options;
    this.#mirror.follow(signal);
    const unsubscribe = garage.bus.subscribe("found", ({ device: { id, kind, name, evidence, foundAt } }) => {
      const payload = { id, kind, name, evidence, found_at: new Date(foundAt).toISOString() };
      this.#announcer.tell(this.#topics.message("discovery/found", {}, payload));
    });
    signal.addEventListener("abort", unsubscribe, { once: true });
    await Promise.all([this.#agenda.run(signal), this.#connection.run(signal)]);
  }

  get connection(): ConnectionStatus {
    return this.#connection.status;
  }

  /** What is wrong although there is a connection. */
  get fault(): CarportError | undefined {
    return this.#fault;
  }

  /** What Home Assistant has said of itself over this connection. */
  get homeAssistant(): "online" | "offline" | undefined {
    return this.#homeAssistant;
  }

  get counters(): OutletCounters {
    return {
      sent: this.#board.sent + this.#announcer.sent,
      suppressed: this.#mirror.suppressed,
      dropped: this.#board.dropped + this.#announcer.dropped,
      discarded: this.#discarded + this.#mirror.invalid,
    };
  }

  async #serve(link: Link, signal: AbortSignal): Promise<void> {
    const { settings, clock, random, instance } = this.#options;
    this.#fault = undefined;
    this.#homeAssistant = undefined;
    const session = new Session(link, {
      topics: this.#topics,
      board: this.#board,
      announcer: this.#announcer,
      commands: this.#commands,
      discovery: this.#discovery,
      mirror: this.#mirror,
      housekeeping: this.#housekeeping,
      agenda: this.#agenda,
      clock,
      random,
      instance,
      broker: brokerName(settings),
      onBirth: (status) => {
        this.#homeAssistant = status;
      },
      onDiscard: () => {
        this.#discarded++;
      },
      onFault: (fault) => this.#onFault(fault),
    });
    this.#session = session;
    try {
      await session.run(signal);
    } finally {
      this.#session = undefined;
    }
  }

  readonly #sweep = (): void => {
    this.#session?.sweep().catch((error) => this.#onFault(toCarportError(error, "MQTT")));
  };

  #onFault(fault: CarportError): void {
    if (this.#fault?.code !== fault.code) this.#options.log.warn(fault.message, { nextStep: fault.nextStep });
    this.#fault = fault;
  }
}
