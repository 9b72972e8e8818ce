import type { Clock } from "#domain/clock.ts";
import type { DeviceId } from "#domain/ids.ts";
import type { Garage } from "#hub/garage.ts";
import type { Agenda } from "./agenda.ts";
import { signalValue, timeText } from "./signal-text.ts";
import type { Message, TopicTree } from "./topics.ts";

/** A device hands over the values of one moment in several batches. */
const AFTER_MS = 1_000;
const EVERY_MS = 10_000;

/** Tells what each device reads, at most every 10 s, when it has read something. */
export class Readings {
  readonly #garage: Garage;
  readonly #topics: TopicTree;
  readonly #agenda: Agenda;
  readonly #clock: Clock;
  readonly #tell: (message: Message) => void;
  /** When each is due. */
  readonly #due = new Map<DeviceId, number>();
  readonly #toldAt = new Map<DeviceId, number>();

  constructor(garage: Garage, topics: TopicTree, agenda: Agenda, clock: Clock, tell: (message: Message) => void) {
    this.#garage = garage;
    this.#topics = topics;
    this.#agenda = agenda;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A device has read something. */
  note(device: DeviceId): void {
    if (this.#due.has(device)) return;
    const now = this.#clock.monotonic();
    const due = Math.max(now + AFTER_MS, (this.#toldAt.get(device) ?? Number.NEGATIVE_INFINITY) + EVERY_MS);
    this.#due.set(device, due);
    this.#agenda.soon(this.#tellDue, due - now);
  }

  forget(device: DeviceId): void {
    this.#due.delete(device);
    this.#toldAt.delete(device);
  }

  readonly #tellDue = (): void => {
    const now = this.#clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const [device, due] of this.#due) {
      if (due > now) {
        next = Math.min(next, due);
        continue;
      }
      this.#due.delete(device);
      this.#toldAt.set(device, now);
      this.#tellReading(device);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#agenda.soon(this.#tellDue, next - now);
  };

  #tellReading(device: DeviceId): void {
    const shown = [...this.#garage.latest(device).values()].filter(({ signal }) => signal.presentation.enabled);
    const time = timeText(Math.max(...shown.map((latest) => latest.time)));
    if (time === undefined) return;
    const values = Object.fromEntries(shown.map(({ signal, value }) => [signal.key, signalValue(signal, value)]));
    const vehicle = this.#garage.device(device)?.record.vehicle ?? null;
    this.#tell(this.#topics.message("device/<device>/reading", { device }, { time, vehicle, values }));
  }
}
