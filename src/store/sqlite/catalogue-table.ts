import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { DeviceId, VehicleId } from "#domain/ids.ts";
import type { Signal } from "#domain/signal.ts";
import { type Catalogue, type Series, type Source, unitOf } from "../catalogue.ts";
import { compress, decompress } from "../codec/zstd.ts";
import { blob, integer, text } from "./cells.ts";

const LEVEL = 12;
const TEXT = new TextDecoder();

/** The tables `source` and `channel`. */
export class CatalogueTable {
  readonly #sql: DatabaseSync;
  readonly #addSource: StatementSync;
  readonly #setSignals: StatementSync;
  readonly #addChannel: StatementSync;
  readonly #setLast: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#sql = sql;
    this.#addSource = sql.prepare("INSERT INTO source (device, vehicle, signals) VALUES (?, ?, x'')");
    this.#setSignals = sql.prepare("UPDATE source SET signals = ? WHERE id = ?");
    this.#addChannel = sql.prepare("INSERT INTO channel (source, key, unit) VALUES (?, ?, ?)");
    this.#setLast = sql.prepare("UPDATE channel SET last_time = ?, last_value = ? WHERE id = ?");
  }

  /** Writes what is new or changed, within the caller's transaction; the result is what it must adopt after the commit. */
  save(catalogue: Catalogue): Ids {
    const ids: Ids = new Map();
    for (const source of catalogue.sources) {
      if (!source.changed) continue;
      const id = source.id || Number(this.#addSource.run(source.device, source.vehicle ?? null).lastInsertRowid);
      ids.set(source, id);
      for (const series of source.series) {
        if (series.id !== 0) continue;
        const { signal } = series;
        ids.set(series, Number(this.#addChannel.run(id, signal.key, unitOf(signal) ?? null).lastInsertRowid));
      }
      const idOf = (series: Series) => ids.get(series) ?? series.id;
      const signals = source.series.toSorted((a, b) => idOf(a) - idOf(b)).map(({ signal }) => signal);
      this.#setSignals.run(compress(Buffer.from(JSON.stringify(signals)), LEVEL), id);
    }
    return ids;
  }

  saveLast({ id, lastTime, lastValue }: Series): void {
    this.#setLast.run(lastTime, lastValue, id);
  }

  load(catalogue: Catalogue): void {
    const channels = this.#sql.prepare("SELECT * FROM channel WHERE source = ? ORDER BY id");
    for (const row of this.#sql.prepare("SELECT * FROM source ORDER BY id").all()) {
      const id = integer(row["id"]);
      const data = blob(row["signals"]);
      // Both were checked when they came in, and the frame's checksum tells that they are what was written.
      const device = text(row["device"]) as DeviceId;
      const vehicle = (row["vehicle"] === null ? undefined : text(row["vehicle"])) as VehicleId | undefined;
      const signals: Signal[] = JSON.parse(TEXT.decode(decompress(data, data.length * 10)));
      const series = catalogue.load(id, device, vehicle, signals);
      for (const [index, channel] of channels.all(id).entries()) {
        const one = series[index];
        if (one === undefined || one.signal.key !== channel["key"])
          throw new RangeError("channels and signals do not match");
        one.id = integer(channel["id"]);
        const time = channel["last_time"];
        if (time === null || integer(time) < one.lastTime) continue;
        one.lastTime = integer(time);
        one.lastValue = integer(channel["last_value"]);
      }
    }
  }
}

/** Ids given in a transaction. */
export type Ids = Map<Source | Series, number>;
