import { type SignalKey, signalKey } from "#domain/ids.ts";
import { busLoad, frameRate } from "../can/bus-meter.ts";
import { type DbcNetwork, dbcEntries } from "./network.ts";

export interface SignalNaming {
  readonly key: SignalKey;
  /** For a person: "Wheel speed RR". */
  readonly name: string;
}

const MAX_KEY = 64;
/** What every device on a bus tells of the bus itself. */
const RESERVED = [frameRate.key, busLoad.key];
// Between a small letter and a capital, before the last capital of an acronym (`BMSState`), and at any other sign.
const WORD_BORDER = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|[^\p{L}\p{N}]+/u;

const VOWEL = /[AEIOUYÄÖÜ]/;

/** A key and a name for each signal, unique in the network; the message's name goes in front of what is ambiguous. */
export function nameSignals(network: DbcNetwork): readonly SignalNaming[] {
  const entries = dbcEntries(network);
  const bare = entries.map(({ signal }) => keyOf(words(signal.name)));
  const timesUsed = Map.groupBy(bare, (key) => key);
  const taken = new Set<string>(RESERVED);
  return entries.map(({ message, signal }, index) => {
    const ambiguous = (timesUsed.get(bare[index] ?? "")?.length ?? 0) > 1;
    const names = ambiguous ? [message.name, signal.name] : [signal.name];
    return {
      key: unusedKey(keyOf(names.flatMap(words)), taken),
      name: capitalised(names.map(spoken).join(" ")) || "Signal",
    };
  });
}

const words = (name: string): string[] => name.normalize("NFC").split(WORD_BORDER).filter(Boolean);

/** `["Pack", "Voltage"]` → `pack_voltage`. */
function keyOf(parts: readonly string[]): string {
  const key = parts
    .join("_")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "")
    .replace(/^(?![a-z])/, "signal_");
  return key.slice(0, MAX_KEY).replace(/_+$/, "");
}

function unusedKey(wanted: string, taken: Set<string>): SignalKey {
  let key = wanted;
  for (let number = 2; taken.has(key); number++) {
    const suffix = `_${number}`;
    key = wanted.slice(0, MAX_KEY - suffix.length) + suffix;
  }
  taken.add(key);
  return signalKey(key);
}

/** Acronyms stay, shouting does not: `PACK_Voltage` → "PACK voltage", `WHEEL_SPEED_RR` → "wheel speed RR". */
function spoken(name: string): string {
  const parts = words(name);
  const shouted = parts.every(isCapital);
  const isAcronym = shouted
    ? (part: string) => !VOWEL.test(part)
    : (part: string) => part.length > 1 && isCapital(part);
  return parts.map((part) => (isAcronym(part) ? part : part.toLowerCase())).join(" ");
}

const isCapital = (text: string): boolean => text === text.toUpperCase();

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
