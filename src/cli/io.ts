import type { Environment } from "#hub/settings/overrides.ts";

/** What a command has of the world around it. */
export interface Io {
  /** Writes to standard output: what was asked for. */
  readonly out: (text: string) => void;
  /** Writes to standard error: what goes wrong, and progress. */
  readonly err: (text: string) => void;
  readonly env: Environment;
  /** Fires when the user wants it to end (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
}

/** Resolves with the exit code: 0 done, 1 it found or met a problem, 2 it was called wrongly. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
