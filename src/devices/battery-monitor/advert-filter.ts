import type { BleAdvert } from "#domain/ble.ts";
import { type AdvertReading, parseAdvert } from "#protocols/leagend/advert.ts";

/** An unchanged reading is worth a sample this often. */
const UNCHANGED_MS = 60_000;

/** Reads the adverts of one monitor: refuses those that name another sender, and thins out those that say nothing new. */
export class AdvertFilter {
  readonly counters = { adverts: 0, advertReadings: 0, advertsForeign: 0, advertsImplausible: 0 };
  #taken: AdvertReading | undefined;
  #takenAt = Number.NEGATIVE_INFINITY;

  /** @returns a reading that is new, or was due; undefined otherwise */
  take(advert: BleAdvert): AdvertReading | undefined {
    this.counters.adverts++;
    const reading = this.#read(advert);
    if (reading === undefined) return undefined;
    this.counters.advertReadings++;
    const before = this.#taken;
    // Beacon and record are sent in turns: the beacon, which lacks the voltage, does not count as a change.
    const changed =
      before === undefined ||
      before.stateOfCharge !== reading.stateOfCharge ||
      (reading.voltage !== undefined && before.voltage !== reading.voltage);
    if (!changed && Math.abs(advert.time - this.#takenAt) < UNCHANGED_MS) return undefined;
    this.#taken = { ...before, ...reading };
    this.#takenAt = advert.time;
    return reading;
  }

  /** The record with the voltage, if there is one, goes before the beacon. */
  #read({ manufacturerData, address }: BleAdvert): AdvertReading | undefined {
    let best: AdvertReading | undefined;
    for (const [company, data] of manufacturerData) {
      const found = parseAdvert(company, data, address);
      if (found?.type === "foreign") this.counters.advertsForeign++;
      else if (found?.type === "implausible") this.counters.advertsImplausible++;
      else if (found?.type === "reading" && best?.voltage === undefined) best = found.reading;
    }
    return best;
  }
}
