import type { CanFrame } from "./can-frame.ts";
import type { ErrorCode } from "./error.ts";

/**
 * What the times of a recording mean. `utc`: UTC. `relative`: ms on a clock of the recording's own with an unknown start.
 * `none`: the recording has no times, every frame says 0.
 */
export type CanLogTimeBase = "utc" | "relative" | "none";

export interface CanLogCounters {
  readonly frames: number;
  /** Lines or records that could not be understood. Comments, events and statistics do not count. */
  readonly discarded: number;
  /** The first of them: `line 17`, `byte 4096`. */
  readonly firstProblem: { readonly where: string; readonly reason: string } | undefined;
}

/**
 * Reads one recording in one dialect, chunk by chunk as the bytes come. Never throws: what it cannot understand it counts
 * and leaves out. Memory is bounded whatever the input.
 */
export interface CanLogReader {
  /** `candump`, `vector-asc` … */
  readonly dialect: string;
  /** Known once a frame has been read. */
  readonly timeBase: CanLogTimeBase;
  readonly counters: CanLogCounters;
  /** The frames that these bytes complete, in the order of the file, which need not be that of their times. */
  read(chunk: Uint8Array): CanFrame[];
  /** The frames that only the end of the file completes. */
  end(): CanFrame[];
}

/** Writes frames in one dialect. */
export interface CanLogWriter {
  /** Frames the dialect has no way to express: left out. */
  readonly omitted: number;
  /** The bytes to append for these frames; the first ones begin with the dialect's header. */
  write(frames: readonly CanFrame[]): Uint8Array;
  /** The bytes that close the file. */
  end(): Uint8Array;
  /** Bytes that replace as many at the start of the file once it is complete, in dialects that count what follows. */
  header?(): Uint8Array;
}

/** Tells a recording's dialect by its first bytes, or what would have made it a recording. */
export type RecogniseCanLog = (head: Uint8Array) => RecognisedCanLog;

export type RecognisedCanLog =
  | { readonly dialect: { readonly name: string; reader(): CanLogReader } }
  | { readonly dialect?: undefined; readonly code: ErrorCode; readonly missing: string };
