/** What a car does for a while. */
export type Activity =
  /** Switched on; heads for a speed, backwards when it is negative. */
  | { readonly kind: "drive"; readonly seconds: number; readonly kmh: number }
  /** Ready, in park. */
  | { readonly kind: "ready"; readonly seconds: number }
  /** Switched off, control units still awake. */
  | { readonly kind: "off"; readonly seconds: number; readonly doorOpen: boolean }
  | { readonly kind: "plugged"; readonly seconds: number }
  | { readonly kind: "charge"; readonly seconds: number; readonly quick: boolean }
  | { readonly kind: "charged"; readonly seconds: number }
  /** Bus silent. */
  | { readonly kind: "asleep"; readonly seconds: number };

/** Below this a car that is plugged in charges quickly, so that it never runs empty however long it is watched. */
const LOW_PERCENT = 55;

/**
 * Four minutes of a car's life over and over: out of the garage, through town and along a road, home, silence, charging,
 * silence. Speeds and durations vary by `random`; `stateOfCharge` in %.
 */
export function* itinerary(random: () => number, stateOfCharge: () => number): Generator<Activity, never> {
  const about = (value: number) => value * (0.9 + 0.2 * random());
  const drive = (kmh: number, seconds: number): Activity => ({
    kind: "drive",
    kmh: about(kmh),
    seconds: about(seconds),
  });
  const stop = (seconds: number): Activity => ({ kind: "drive", kmh: 0, seconds: about(seconds) });
  while (true) {
    yield { kind: "off", seconds: 3, doorOpen: true };
    yield { kind: "ready", seconds: 3 };
    yield drive(-6, 5);
    yield stop(3);
    yield drive(32, 9);
    yield drive(50, 14);
    yield stop(9);
    yield drive(50, 16);
    yield drive(88, 26);
    yield drive(70, 8);
    yield drive(95, 16);
    yield drive(45, 12);
    yield stop(12);
    yield { kind: "ready", seconds: 3 };
    yield { kind: "off", seconds: 4, doorOpen: true };
    yield { kind: "off", seconds: 3, doorOpen: false };
    yield { kind: "asleep", seconds: 20 };
    yield { kind: "plugged", seconds: 3 };
    yield { kind: "charge", seconds: about(50), quick: stateOfCharge() < LOW_PERCENT };
    yield { kind: "charged", seconds: 4 };
    yield { kind: "asleep", seconds: 15 };
  }
}
