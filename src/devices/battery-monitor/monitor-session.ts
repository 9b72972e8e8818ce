import type { BleAdapter, BleAdvert } from "#domain/ble.ts";
import { type CarportError, isCarportError } from "#domain/error.ts";
import type { Signal } from "#domain/signal.ts";
import type { Model } from "#protocols/leagend/model.ts";
import type { DeviceContext, DeviceOutput } from "../device-kind.ts";
import { AdvertFilter } from "./advert-filter.ts";
import { Memory } from "./memory.ts";
import { ReadingLog } from "./reading-log.ts";
import { recogniseMonitor } from "./scan.ts";
import type { BatteryMonitorSettings } from "./settings.ts";
import { type Visit, visit } from "./visit.ts";
import { VisitPlan } from "./visit-plan.ts";

const MINUTE = 60_000;
/** An adapter knows where a monitor is only once it has heard it. */
const FIRST_VISIT_MS = 30_000;
/** Something is said before the hub takes the silence for a fault. */
const FIRST_WORD_MS = 45_000;
/** Heard in this time, it is near. */
const NEAR_MS = MINUTE;
/** Unheard for so long, a monitor that is heard again has been away. */
const AWAY_MS = 5 * MINUTE;
/** Home Assistant passes on no advert that equals the one before: silence means little until it has lasted. */
const SILENCE_MS = 30 * MINUTE;
/** In this time a monitor whose adverts tell the voltage has sent some. */
const PROOF_MS = 2 * MINUTE;
const COUNTERS_MS = MINUTE;

type StateOutput = Extract<DeviceOutput, { type: "state" }>;
const connected: StateOutput = { type: "state", state: "connected" };
const asleep: StateOutput = { type: "state", state: "asleep" };

/** One time that a monitor is watched: hears its adverts, visits it when that is due, and says what came of it. */
export class MonitorSession {
  readonly #adapter: BleAdapter;
  readonly #settings: BatteryMonitorSettings;
  readonly #context: DeviceContext;
  readonly #filter = new AdvertFilter();
  readonly #heardLog: ReadingLog;
  readonly #memory: Memory;
  readonly #plan: VisitPlan;
  readonly #outputs: DeviceOutput[] = [];
  readonly #totals = { visits: 0, visitsFailed: 0, connectedMs: 0, discarded: 0, historyRecords: 0 };
  readonly #closing = new AbortController();
  readonly #firstHeard = new AbortController();
  readonly #voltageHeard = new AbortController();
  #wake = new AbortController();
  #visitNow = new AbortController();
  #state: StateOutput["state"] | undefined;
  #model: Model | undefined;
  /** By the owner, else by the name. */
  #guess: Model | undefined;
  #lastHeard = Number.NEGATIVE_INFINITY;
  #lastReading = Number.NEGATIVE_INFINITY;
  #countersTold = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(adapter: BleAdapter, settings: BatteryMonitorSettings, context: DeviceContext) {
    const { clock, services, device } = context;
    this.#adapter = adapter;
    this.#settings = settings;
    this.#context = context;
    this.#heardLog = new ReadingLog(settings);
    const kept = ({ key }: Signal, from: number, to: number) => services.keptTimes(device, key, from, to);
    this.#memory = new Memory(kept, clock.now());
    this.#guess = settings.model === "auto" ? undefined : settings.model;
    this.#plan = new VisitPlan(settings.pollMinutes * MINUTE, clock.monotonic());
  }

  /** Until the signal fires or the adapter fails. @throws CarportError */
  async *run(): AsyncGenerator<DeviceOutput> {
    const { signal, clock } = this.#context;
    const close = () => this.#close();
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    const work = [this.#hear(), this.#keepVisiting(), this.#noticeSilence()];
    try {
      while (!this.#closing.signal.aborted) {
        yield* this.#outputs.splice(0);
        const batch = this.#heardLog.take();
        if (batch !== undefined) yield { type: "batch", batch };
        else if (this.#outputs.length === 0) await clock.sleep(Number.POSITIVE_INFINITY, this.#wake.signal);
        this.#wake = new AbortController();
      }
    } finally {
      signal.removeEventListener("abort", close);
      close();
      await Promise.all(work);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #close(failure?: unknown): void {
    this.#failure ??= failure;
    for (const controller of [this.#closing, this.#firstHeard, this.#voltageHeard]) controller.abort();
    this.#visitNow.abort();
    this.#wake.abort();
  }

  async #hear(): Promise<void> {
    try {
      for await (const advert of this.#adapter.adverts(this.#closing.signal)) {
        if (advert.address === this.#settings.address) this.#heard(advert);
      }
    } catch (error) {
      this.#close(error);
    }
  }

  #heard(advert: BleAdvert): void {
    const now = this.#context.clock.monotonic();
    const returned = now - this.#lastHeard >= AWAY_MS;
    this.#lastHeard = now;
    this.#firstHeard.abort();
    this.#guess ??= recogniseMonitor(advert)?.model;
    const reading = this.#filter.take(advert);
    if (reading !== undefined) {
      if (reading.voltage !== undefined) this.#voltageHeard.abort();
      this.#heardLog.reading(advert.time, reading, "advert", advert.rssi);
      this.#readingCame(reading.model);
    }
    if (this.#state !== undefined && now - this.#countersTold >= COUNTERS_MS) this.#tellCounters();
    if (returned && this.#state !== "connected") this.#plan.returned(now);
    if (returned) this.#visitNow.abort();
  }

  async #keepVisiting(): Promise<void> {
    const { clock } = this.#context;
    const closing = this.#closing.signal;
    if (this.#settings.passive) {
      await clock.sleep(Number.POSITIVE_INFINITY, this.#firstHeard.signal);
      await clock.sleep(PROOF_MS, this.#voltageHeard.signal);
      if (this.#voltageHeard.signal.aborted) return;
    }
    await clock.sleep(FIRST_VISIT_MS, this.#firstHeard.signal);
    while (!closing.aborted) {
      const wait = this.#plan.due - clock.monotonic();
      if (wait <= 0) await this.#visit();
      else await clock.sleep(wait, this.#visitNow.signal);
      if (!closing.aborted) this.#visitNow = new AbortController();
    }
  }

  async #visit(): Promise<void> {
    const { clock } = this.#context;
    const closing = this.#closing.signal;
    this.#totals.visits++;
    try {
      this.#visited(
        await visit(this.#adapter, this.#settings.address, {
          clock,
          signal: closing,
          model: this.#model ?? this.#guess,
          records: (model) => this.#memory.wanted(model, clock.now()),
        }),
      );
    } catch (error) {
      if (closing.aborted) return;
      this.#totals.visitsFailed++;
      if (!isCarportError(error) || error.permanent) this.#close(error);
      else this.#visitFailed(error);
    }
    this.#tellCounters();
  }

  #visited({ model, reading, time, history, discarded, connectedMs }: Visit): void {
    const log = new ReadingLog(this.#settings);
    const now = this.#context.clock.monotonic();
    if (history === undefined || history.complete) this.#plan.succeeded(now);
    else this.#plan.failed(now);
    if (history !== undefined) this.#totals.historyRecords += this.#memory.merge(model, history, log);
    this.#totals.connectedMs += connectedMs;
    this.#totals.discarded += discarded;
    // Last, so that who takes the newest row for the newest value is right.
    log.reading(time, reading, "connection");
    this.#readingCame(model);
    const batch = log.take();
    if (batch !== undefined) this.#tell({ type: "batch", batch });
  }

  #visitFailed(fault: CarportError): void {
    const now = this.#context.clock.monotonic();
    this.#plan.failed(now);
    if (now - this.#lastReading < SILENCE_MS && this.#voltageHeard.signal.aborted) return;
    if (now - this.#lastHeard >= NEAR_MS) this.#setState(asleep);
    else if (this.#plan.exhausted) this.#setState({ type: "state", state: "disconnected", fault });
  }

  /** Of what is visited, the visits tell that it is gone. */
  async #noticeSilence(): Promise<void> {
    const { clock } = this.#context;
    const closing = this.#closing.signal;
    await clock.sleep(FIRST_WORD_MS, closing);
    if (this.#state === undefined) this.#setState(asleep);
    while (this.#settings.passive && !closing.aborted) {
      const left = Math.max(this.#lastHeard, this.#lastReading) + SILENCE_MS - clock.monotonic();
      if (left <= 0) this.#setState(asleep);
      await clock.sleep(left > 0 ? left : SILENCE_MS, closing);
    }
  }

  #readingCame(model: Model): void {
    this.#lastReading = this.#context.clock.monotonic();
    if (model !== this.#model || this.#state === undefined) {
      const { address } = this.#settings;
      this.#tell({ type: "identity", identity: { manufacturer: "Leagend", model, serialNumber: address } });
    }
    this.#model = model;
    this.#setState(connected);
    this.#wake.abort();
  }

  #setState(next: StateOutput): void {
    if (next.state === this.#state || this.#closing.signal.aborted) return;
    this.#state = next.state;
    this.#tell(next);
  }

  #tellCounters(): void {
    this.#countersTold = this.#context.clock.monotonic();
    this.#tell({ type: "counters", counters: { ...this.#filter.counters, ...this.#totals } });
  }

  #tell(output: DeviceOutput): void {
    this.#outputs.push(output);
    this.#wake.abort();
  }
}
