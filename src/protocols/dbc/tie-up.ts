import { bytesSpanned } from "../can/bits.ts";
import type { Draft, MessageDraft, SignalDraft } from "./draft.ts";
import type { DbcMessage, DbcNetwork, DbcSelection, DbcSignal } from "./network.ts";

/** Makes the network of a draft. A signal that cannot be decoded is left out with a warning, the others stay. */
export function tieUp(draft: Draft): DbcNetwork {
  const messages = [...draft.messages.values()].map((message): DbcMessage => {
    const { id, extended, name, longName = name, length, sender, comment } = message;
    const cycleTime = (message.cycleTime ?? draft.defaultCycleTime) || undefined;
    return { id, extended, name: longName, length, sender, comment, cycleTime, signals: signalsOf(message, draft) };
  });
  return { messages };
}

function signalsOf(message: MessageDraft, draft: Draft): DbcSignal[] {
  const readable = message.signals.filter((signal) => {
    const fault = layoutFault(signal, message);
    if (fault !== undefined) draft.warn(signal.place, `signal ${signal.name} skipped: ${fault}`);
    return fault === undefined;
  });
  const finished = new Map<SignalDraft, DbcSignal>();
  const selected = groupBySelector(readable, message);
  const waiting = readable.filter((signal) => !isSelected(signal));
  for (const signal of waiting) finished.set(signal, finish(signal, undefined));
  // From the roots downwards: what selects itself, or hangs on something skipped, is never reached.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const selector = finished.get(next);
    if (selector === undefined) continue;
    for (const signal of selected.get(next) ?? []) {
      finished.set(signal, finish(signal, { selector, ranges: signal.ranges }));
      waiting.push(signal);
    }
  }
  return readable.flatMap((signal) => {
    const done = finished.get(signal);
    if (done === undefined) draft.warn(signal.place, `signal ${signal.name} skipped: nothing tells when it is present`);
    return done ?? [];
  });
}

function layoutFault(signal: SignalDraft, message: MessageDraft): string | undefined {
  const { length, floatBits, ranges } = signal;
  if (length < 1 || length > 64) return `it has ${length} bits, not 1 to 64`;
  if (floatBits !== undefined && floatBits !== length) return `a float of ${floatBits} bits in ${length} bits`;
  if (bytesSpanned(signal) > message.length) {
    return `it does not fit into the ${message.length} bytes of message ${message.name}`;
  }
  if (isSelected(signal) && ranges.every(([from, to]) => from > to)) return "no multiplexer value selects it";
  return undefined;
}

const isSelected = (signal: SignalDraft): boolean => signal.ranges.length > 0;

function groupBySelector(signals: readonly SignalDraft[], message: MessageDraft): Map<SignalDraft, SignalDraft[]> {
  const multiplexors = signals.filter((signal) => signal.multiplexor && !isSelected(signal));
  const only = multiplexors.length === 1 ? multiplexors[0] : undefined;
  const groups = new Map<SignalDraft, SignalDraft[]>();
  for (const signal of signals.filter(isSelected)) {
    const selector = signal.selector === undefined ? only : message.byName.get(signal.selector)?.[0];
    if (selector === undefined) continue;
    const group = groups.get(selector);
    if (group === undefined) groups.set(selector, [signal]);
    else group.push(signal);
  }
  return groups;
}

function finish(draft: SignalDraft, selection: DbcSelection | undefined): DbcSignal {
  const { start, length, byteOrder, signed, factor, offset, minimum, maximum, unit, receivers, comment } = draft;
  return {
    name: draft.longName ?? draft.name,
    start,
    length,
    byteOrder,
    signed,
    float: draft.floatBits !== undefined,
    factor,
    offset,
    range: minimum === 0 && maximum === 0 ? undefined : { minimum, maximum },
    unit,
    receivers,
    comment,
    states: draft.states,
    selection,
  };
}
