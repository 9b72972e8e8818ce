import type { SignalDefinition } from "#api/contract/signal.ts";

/** A signal of a device with its newest value, if there is one yet. `time` is UTC in ms by the server's clock. */
export interface Reading {
  readonly device: string;
  readonly signal: SignalDefinition;
  readonly value: number | undefined;
  readonly time: number | undefined;
}
