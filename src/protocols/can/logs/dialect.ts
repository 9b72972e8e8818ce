import type { CanLogReader, CanLogWriter } from "#domain/can-log.ts";

/** One way of writing CAN recordings down. */
export interface LogDialect {
  /** For command lines and messages: `candump`, `vector-asc`. */
  readonly name: string;
  /** Whose format it is and what its files are called. */
  readonly title: string;
  /** Not lines of text. */
  readonly binary?: true;
  /** Does a file that starts like this speak the dialect? Text dialects look at whole lines, binary ones at a signature. */
  recognises(head: LogHead): boolean;
  reader(): CanLogReader;
  /** Absent where Carport only reads. */
  writer?(): CanLogWriter;
}

/** The first kilobytes of a file. */
export interface LogHead {
  readonly bytes: Uint8Array;
  /** The same as latin-1. */
  readonly text: string;
}
