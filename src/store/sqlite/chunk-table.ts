import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { Series } from "../catalogue.ts";
import { type Chunk, LONGEST_CHUNK_MS } from "../seal.ts";
import { blob, integer, text } from "./cells.ts";

/** Where the chunks of a channel are. */
interface Place {
  readonly bundle: number;
  /** As they are in the table `bundle`. */
  readonly channels: string;
  readonly column: number;
}

/** A chunk as far as it is known without its samples. Times: UTC ms, inclusive. */
export interface StoredChunk {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly head: Uint8Array;
  /** The channel's column in it. */
  readonly column: number;
  /** It is what was written, and of the same channels. */
  readonly intact: boolean;
}

/** The tables `bundle`, `chunk` and `block`. */
export class ChunkTable {
  readonly #bundles = new Map<string, number>();
  readonly #places = new Map<number, Place[]>();
  readonly #addBundle: StatementSync;
  readonly #addBlock: StatementSync;
  readonly #addChunk: StatementSync;
  readonly #chunks: StatementSync;
  readonly #block: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#addBundle = sql.prepare("INSERT INTO bundle (channels) VALUES (?)");
    this.#addBlock = sql.prepare("INSERT INTO block (data) VALUES (?)");
    this.#addChunk = sql.prepare(
      "INSERT INTO chunk (bundle, from_time, block, to_time, count, head, check_sum) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#chunks = sql.prepare("SELECT * FROM chunk WHERE bundle = ? AND from_time > ? AND from_time < ?");
    this.#block = sql.prepare("SELECT data FROM block WHERE id = ?");
    for (const row of sql.prepare("SELECT * FROM bundle").all()) this.#know(text(row["channels"]), integer(row["id"]));
  }

  /** Writes within the caller's transaction, which calls the result after the commit. */
  add(chunks: readonly Chunk[]): () => void {
    const fresh = new Map<string, number>();
    for (const { series, from, to, count, head, data } of chunks) {
      const channels = `[${series.map(({ id }) => id)}]`;
      let bundle = this.#bundles.get(channels) ?? fresh.get(channels);
      if (bundle === undefined) {
        bundle = Number(this.#addBundle.run(channels).lastInsertRowid);
        fresh.set(channels, bundle);
      }
      const block = this.#addBlock.run(data).lastInsertRowid;
      const check = checkOf(channels, from, to, count, head);
      this.#addChunk.run(bundle, from, block, to, count, head, check);
    }
    return () => {
      for (const [channels, bundle] of fresh) this.#know(channels, bundle);
    };
  }

  /** Chunks of a channel that reach into the range. UTC ms, `to` exclusive. */
  *find(series: Series, from: number, to: number): Generator<StoredChunk> {
    for (const { bundle, channels, column } of this.#places.get(series.id) ?? []) {
      for (const row of this.#chunks.iterate(bundle, from - LONGEST_CHUNK_MS, to)) {
        const start = integer(row["from_time"]);
        const end = integer(row["to_time"]);
        if (end < from) continue;
        const count = integer(row["count"]);
        const head = blob(row["head"]);
        const intact = row["check_sum"] === checkOf(channels, start, end, count, head);
        yield { block: integer(row["block"]), from: start, to: end, count, head, column, intact };
      }
    }
  }

  /** The compressed samples of a chunk. */
  block(id: number): Uint8Array {
    return blob(this.#block.get(id)?.["data"]);
  }

  #know(channels: string, bundle: number): void {
    this.#bundles.set(channels, bundle);
    // Written by `add`.
    const ids: number[] = JSON.parse(channels);
    for (const [column, channel] of ids.entries()) {
      const places = this.#places.get(channel) ?? [];
      places.push({ bundle, channels, column });
      this.#places.set(channel, places);
    }
  }
}

const checkOf = (channels: string, from: number, to: number, count: number, head: Uint8Array) =>
  crc32(head, crc32(`${channels} ${from} ${to} ${count}`));
