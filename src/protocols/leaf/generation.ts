/** ZE0 2011–12, AZE0 2013–17 and e-NV200, ZE1 since 2018. */
export const leafGenerations = ["ze0", "aze0", "ze1"] as const;
export type LeafGeneration = (typeof leafGenerations)[number];

export const leafModels: Readonly<Record<LeafGeneration, string>> = {
  ze0: "Leaf ZE0 (2011–12)",
  aze0: "Leaf AZE0 (2013–17) or e-NV200",
  ze1: "Leaf ZE1 (since 2018)",
};

type Era = "ze0" | "since2013" | "ze1";

/** A frame that not every car sends; with a length where that is what tells the cars apart. */
interface Mark {
  readonly era: Era;
  readonly id: number;
  readonly length?: number;
  /** A frame every 500 ms says as much as five of every 100 ms. */
  readonly weight: number;
}

// 5EB is no mark: said to be the ZE1's, but AZE0 and e-NV200 send it on the CAR-CAN. A ZE1 sends 380 and 5BF too, while
// it charges quickly, and all that cars since 2013 send: its own marks outweigh them.
const marks: readonly Mark[] = [
  { era: "ze0", id: 0x380, weight: 1 },
  { era: "ze0", id: 0x5bf, weight: 1 },
  { era: "ze0", id: 0x50a, length: 6, weight: 1 },
  { era: "ze0", id: 0x50b, length: 6, weight: 1 },
  { era: "ze0", id: 0x5b9, length: 5, weight: 5 },
  { era: "since2013", id: 0x390, weight: 1 },
  { era: "since2013", id: 0x393, weight: 1 },
  { era: "since2013", id: 0x50a, length: 8, weight: 1 },
  { era: "since2013", id: 0x50b, length: 7, weight: 1 },
  { era: "since2013", id: 0x59e, weight: 5 },
  { era: "ze1", id: 0x108, weight: 1 },
  { era: "ze1", id: 0x120, weight: 1 },
  { era: "ze1", id: 0x1c2, weight: 1 },
  { era: "ze1", id: 0x1ed, weight: 1 },
  { era: "ze1", id: 0x239, weight: 1 },
  { era: "ze1", id: 0x3b8, weight: 1 },
];

const marksById = new Map(marks.map(({ id }) => [id, marks.filter((mark) => mark.id === id)]));

/** A quarter of a second of the EV-CAN, a second of a battery alone. */
const ENOUGH = 10;
/** Changing a verdict takes much more: a bus that wakes in parts or a stray frame must not flip it. */
const ENOUGH_TO_CHANGE = 200;
/** In a ZE1 its own marks are most of all marks, in any other car there are none. */
const ZE1_SHARE = 0.1;

/** Tells which Leaf is on the bus from the frames it sends. */
export class GenerationRecogniser {
  readonly #weights: Record<Era, number> = { ze0: 0, since2013: 0, ze1: 0 };
  #verdict: LeafGeneration | undefined;

  /** Undefined until there is enough evidence. */
  get generation(): LeafGeneration | undefined {
    return this.#verdict;
  }

  /** `id`, `length`: of a data frame with an 11-bit id. */
  observe(id: number, length: number): void {
    const candidates = marksById.get(id);
    if (candidates === undefined) return;
    for (const mark of candidates) {
      if (mark.length === undefined || mark.length === length) this.#weights[mark.era] += mark.weight;
    }
    const { ze0, since2013, ze1 } = this.#weights;
    const total = ze0 + since2013 + ze1;
    if (total < (this.#verdict === undefined ? ENOUGH : ENOUGH_TO_CHANGE)) return;
    if (ze1 >= total * ZE1_SHARE) this.#verdict = "ze1";
    else this.#verdict = since2013 > ze0 ? "aze0" : "ze0";
  }
}
