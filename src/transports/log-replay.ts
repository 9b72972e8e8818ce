import type { CanBus, CanCounters, CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, RecogniseCanLog } from "#domain/can-log.ts";
import type { Clock } from "#domain/clock.ts";
import { type CanLogFile, openCanLog } from "./log-file.ts";

export interface LogReplayOptions {
  readonly path: string;
  readonly recognise: RecogniseCanLog;
  readonly clock: Clock;
  /** 1: as fast as it was recorded; 10: ten times as fast; "unpaced": as fast as the frames are taken. */
  readonly speed: number | "unpaced";
  /** How often the recording is played; Infinity: until closed. */
  readonly passes: number;
  /** "now": as if the frames came now. "recorded": their own times, from now on where the recording has no UTC. */
  readonly times: "recorded" | "now";
}

export interface LogReplay extends CanBus {
  /** Of the pass under way: the dialect, what its times mean, what was discarded. */
  readonly recording: Pick<CanLogReader, "dialect" | "timeBase" | "counters">;
}

/** Frames due within this are handed over together. */
const TURN_MS = 5;
/** A step back in time is kept up to this (buses that overtake each other); beyond, the recording goes on from there. */
const REWIND_MS = 1000;
/** Between the last frame of a pass and the first of the next. */
const PAUSE_MS = 10;

/**
 * Opens a recording as a bus.
 *
 * @throws CarportError CAN_LOG_…, here or, when it holds no frame, at the end of the first pass
 */
export async function openLogReplay(options: LogReplayOptions): Promise<LogReplay> {
  return new Replay(options, await openCanLog(options.path, options.recognise));
}

class Replay implements LogReplay {
  readonly name: string;
  readonly frames: AsyncIterable<readonly CanFrame[]>;
  readonly #options: LogReplayOptions;
  readonly #closing = new AbortController();
  #file: CanLogFile;
  #received = 0;
  #errorFrames = 0;
  readonly #playhead: Playhead;

  constructor(options: LogReplayOptions, file: CanLogFile) {
    this.name = options.path;
    this.#options = options;
    this.#file = file;
    this.#playhead = new Playhead(options);
    this.frames = this.#play();
  }

  get recording(): LogReplay["recording"] {
    return this.#file.reader;
  }

  get counters(): CanCounters {
    return { received: this.#received, dropped: 0, errorFrames: this.#errorFrames };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#file.close();
  }

  async *#play(): AsyncGenerator<readonly CanFrame[]> {
    const { path, recognise, speed, passes } = this.#options;
    let begun = false;
    for (let pass = 1; ; pass++) {
      for await (const batch of this.#file.frames) {
        if (this.#closing.signal.aborted) return;
        if (!begun) this.#playhead.begin(batch[0]?.time ?? 0, this.#file.reader.timeBase === "utc");
        begun = true;
        yield* speed === "unpaced" ? this.#unpaced(batch) : this.#paced(batch);
        if (this.#closing.signal.aborted) return;
      }
      if (pass >= passes) return;
      this.#file = await openCanLog(path, recognise);
      if (this.#closing.signal.aborted) return this.#file.close();
      this.#playhead.rewind();
    }
  }

  *#unpaced(batch: readonly CanFrame[]): Generator<readonly CanFrame[]> {
    const placed = batch.map((frame) => this.#playhead.place(frame));
    yield this.#counted(placed);
  }

  async *#paced(batch: readonly CanFrame[]): AsyncGenerator<readonly CanFrame[]> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    let due: CanFrame[] = [];
    for (const frame of batch) {
      const placed = this.#playhead.place(frame);
      for (let wait = this.#playhead.due - clock.monotonic(); wait > 0; wait = this.#playhead.due - clock.monotonic()) {
        if (due.length > 0) yield this.#counted(due);
        due = [];
        await clock.sleep(Math.max(TURN_MS, wait), signal);
        if (signal.aborted) return;
      }
      due.push(placed);
    }
    if (due.length > 0) yield this.#counted(due);
  }

  #counted(frames: readonly CanFrame[]): readonly CanFrame[] {
    this.#received += frames.length;
    for (const frame of frames) if (frame.type === "error") this.#errorFrames++;
    return frames;
  }
}

/** Where the recording's times lie: on the clock that paces it, and in UTC. */
class Playhead {
  readonly #clock: Clock;
  readonly #options: LogReplayOptions;
  readonly #speed: number;
  #keepsTimes = false;
  /** A moment of the recording, … */
  #origin = 0;
  /** … when it is due, in monotonic ms, and what time it has for those who get the frames. */
  #originDue = 0;
  #originTime = 0;
  #last = 0;
  #lastTime = 0;
  #rewound = false;
  /** When the frame placed last is due, in monotonic ms. */
  due = 0;

  constructor(options: LogReplayOptions) {
    this.#clock = options.clock;
    this.#options = options;
    this.#speed = options.speed === "unpaced" ? 1 : options.speed;
  }

  /** `first`: the recording's time of its first frame. */
  begin(first: number, utc: boolean): void {
    this.#keepsTimes = utc && this.#options.times === "recorded";
    this.#last = first;
    this.#moveOrigin(first, this.#clock.monotonic(), this.#clock.now());
  }

  /** The next frame is the first one again. */
  rewind(): void {
    this.#rewound = true;
    this.#keepsTimes = false;
  }

  /** The frame with the time it is to have; `due` then tells when to hand it over. */
  place(frame: CanFrame): CanFrame {
    const { time } = frame;
    if (this.#rewound || time < this.#last - REWIND_MS) {
      const live = this.#options.times === "now" && this.#options.speed !== "unpaced";
      const next = live ? this.#clock.now() : this.#lastTime + PAUSE_MS;
      this.#moveOrigin(time, this.due + PAUSE_MS, next);
      this.#rewound = false;
    }
    this.#last = time;
    const since = time - this.#origin;
    this.due = this.#originDue + since / this.#speed;
    const scale = this.#options.times === "now" ? this.#speed : 1;
    this.#lastTime = this.#keepsTimes ? time : this.#originTime + since / scale;
    return this.#keepsTimes ? frame : { ...frame, time: this.#lastTime };
  }

  #moveOrigin(origin: number, due: number, time: number): void {
    this.#origin = origin;
    this.#originDue = due;
    this.#originTime = time;
  }
}
