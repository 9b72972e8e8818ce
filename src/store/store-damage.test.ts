import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCarportError } from "#domain/error.ts";
import { can0, gear, leaf, quantity, samples } from "../../test/household.ts";
import { KeptLog } from "../../test/kept-log.ts";
import { ManualClock } from "../../test/manual-clock.ts";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import type { SeriesStore } from "./series-store.ts";
import { startStore } from "./start-store.ts";

const START = Date.UTC(2026, 5, 1, 12);
const voltage = quantity("pack_voltage", { unit: "V", quantum: { scale: 0.5, offset: 0 } });
const query = { device: can0, signal: voltage.key, from: 0, to: Date.UTC(2060, 0) };

/** A folder with a store's file in it. */
class Place implements Disposable {
  readonly #folder = temporaryFolder();
  readonly log = new KeptLog();
  readonly clock = new ManualClock(START);
  readonly file = join(this.#folder.path, "series.db");

  open(): SeriesStore {
    return startStore({ folder: this.#folder.path, clock: this.clock, log: this.log });
  }

  /** A history of `chunks` sealed pieces of ten samples. */
  fill(chunks = 1): void {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const store = this.open();
      for (let i = 0; i < 10; i++)
        store.append(can0, leaf, samples(START + chunk * 100 + i, [voltage, 300 + i], [gear, 4]));
      store.close();
    }
  }

  files(): string[] {
    return readdirSync(this.#folder.path).toSorted();
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** New samples are taken, kept and found again after a restart. */
function expectGoesOn(place: Place, store: SeriesStore): void {
  const time = place.clock.now();
  store.append(can0, leaf, samples(time, [voltage, 400]));
  store.flush();
  expect(store.counters()).toMatchObject({ waiting: 0, fault: undefined });
  store.close();
  const later = place.open();
  expect(later.read(query).times).toContain(time);
  later.close();
}

describe("a damaged database is set aside and a new one begun", () => {
  const damages: Record<string, (file: string) => void> = {
    "that is cut off in the middle": (file) => truncateSync(file, 5000),
    "that is cut off within its first page": (file) => truncateSync(file, 700),
    "that is no database": (file) => writeFileSync(file, "garbage ".repeat(1000)),
    "whose first page is gone": (file) => overwrite(file, 0, 1024),
    "whose catalogue cannot be decoded": (file) => change(file, "UPDATE source SET signals = x'28b52ffd00'"),
    "whose catalogue lacks a signal": (file) => change(file, "INSERT INTO channel (source, key) VALUES (1, 'more')"),
    "whose bundles are no lists": (file) => change(file, "UPDATE bundle SET channels = '[1,'"),
  };
  for (const [name, damage] of Object.entries(damages)) {
    test(`one ${name}`, () => {
      using place = new Place();
      place.fill();
      damage(place.file);
      const damaged = readFileSync(place.file);
      const store = place.open();
      const [aside = ""] = store.counters().setAside;
      expect(place.log.lines.join("\n")).toContain("[STORE_DAMAGED]; kept as series.db.set-aside-2026-06-01");
      expect(readFileSync(join(place.file, "..", aside)).equals(damaged)).toBe(true);
      expectGoesOn(place, store);
    });
  }

  test("which is still told of at the next start", () => {
    using place = new Place();
    writeFileSync(place.file, "garbage ".repeat(1000));
    const store = place.open();
    const { setAside } = store.counters();
    store.close();
    const later = place.open();
    expect(later.counters().setAside).toEqual(setAside);
    expect(place.log.lines.at(-1)).toContain(`${setAside[0]} was set aside earlier`);
    later.close();
  });

  test("also when it turns out only while it is written, with what had not been sealed taken along", () => {
    using place = new Place();
    place.fill();
    const store = place.open();
    store.append(can0, leaf, samples(START + 1000, [voltage, 350]));
    store.flush();
    using other = new DatabaseSync(place.file);
    // The page of the table hot itself: reading it while opening went well.
    const [{ page } = { page: 0 }] = other
      .prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'hot'")
      .all();
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    overwrite(place.file, (Number(page) - 1) * 1024, 1024);
    other.exec("CREATE TABLE change (x); DROP TABLE change");
    store.append(can0, leaf, samples(START + 2000, [voltage, 351]));
    store.flush();
    expect(store.counters()).toMatchObject({ stored: 2, waiting: 0, fault: undefined });
    expect(store.counters().setAside).toHaveLength(1);
    expect([...store.read(query).values]).toEqual([350, 351]);
    store.close();
    expect([...place.open().read(query).values]).toEqual([350, 351]);
  });

  test("but not again and again on a disk that damages every file", () => {
    using place = new Place();
    const store = place.open();
    writeFileSync(place.file, "garbage".repeat(1000));
    rmSync(`${place.file}-wal`);
    for (let i = 0; i < 3; i++) {
      store.append(can0, leaf, samples(START + i, [voltage, i]));
      store.flush();
    }
    expect(place.files().filter((name) => /aside.*Z$/.test(name)).length).toBeLessThanOrEqual(1);
    expect(store.read(query).values).toHaveLength(3);
    store.close();
  });
});

test("a database of a newer Carport is set aside as it is", () => {
  using place = new Place();
  place.fill();
  change(place.file, "PRAGMA user_version = 99");
  const store = place.open();
  expect(place.log.lines.join("\n")).toContain("STORE_TOO_NEW");
  expect(store.counters().setAside).toHaveLength(1);
  expectGoesOn(place, store);
});

test("a log whose database is gone is kept, and not taken for that of the new one", () => {
  using place = new Place();
  writeFileSync(`${place.file}-wal`, "left over");
  const store = place.open();
  expect(store.counters().setAside).toEqual([expect.stringMatching(/^series\.db\.set-aside-.*-wal$/)]);
  expectGoesOn(place, store);
});

describe("a damaged piece is left out and counted, and everything else is still there", () => {
  test("a block of samples", () => {
    using place = new Place();
    place.fill(3);
    change(
      place.file,
      "UPDATE block SET data = zeroblob(length(data)) WHERE id IN (SELECT block FROM chunk WHERE from_time = (SELECT min(from_time) FROM chunk))",
    );
    const store = place.open();
    expect(store.read(query).times).toHaveLength(20);
    expect(store.read(query).times).toHaveLength(20);
    expect(store.counters().damaged).toBe(1);
    expect(place.log.lines.filter((line) => line.includes("STORE_READ_FAILED"))).toHaveLength(1);
    expectGoesOn(place, store);
  });

  const first = "WHERE from_time = (SELECT min(from_time) FROM chunk)";
  const changes: Record<string, string> = {
    "the statistics of a chunk": `UPDATE chunk SET head = x'' ${first}`,
    // 0.5 as 5 / 10 is 01 0A: it would make all values other ones.
    "the scale in them": `UPDATE chunk SET head = unhex(replace(hex(head), '010A', '010B')) ${first}`,
    "the time of a chunk": `UPDATE chunk SET from_time = from_time - 1 ${first}`,
    "the count of a chunk": `UPDATE chunk SET count = count - 1 ${first}`,
  };
  for (const [name, sql] of Object.entries(changes)) {
    test(name, () => {
      using place = new Place();
      place.fill(3);
      change(place.file, sql);
      const store = place.open();
      expect(store.read(query).times).toHaveLength(20);
      expect([...store.downsample(query, 1).count]).toEqual([20]);
      expect(store.counters().damaged).toBe(1);
      expectGoesOn(place, store);
    });
  }

  test("the order of a bundle's channels: no signal shows the values of another", () => {
    using place = new Place();
    place.fill(3);
    change(place.file, "UPDATE bundle SET channels = '[2,1]'");
    const store = place.open();
    expect(store.read(query).times).toHaveLength(0);
    expect(store.counters().damaged).toBe(3);
    expectGoesOn(place, store);
  });

  test("a hot row, which also stays where it is", async () => {
    using place = new Place();
    place.fill();
    change(place.file, "INSERT INTO hot (channels, data) VALUES (x'01', x'1234')");
    const store = place.open();
    expect(store.counters().damaged).toBe(1);
    store.append(can0, leaf, samples(START + 1000, [voltage, 1]));
    await place.clock.advance(10 * 60_000);
    expect(store.read(query).times).toHaveLength(11);
    expectGoesOn(place, store);
    using database = new DatabaseSync(place.file);
    expect(database.prepare("SELECT hex(data) AS data FROM hot").all()).toEqual([{ data: "1234" }]);
  });

  test("wherever a byte of the file has changed, no reading gives anything but stored values or an error with a code", () => {
    using place = new Place();
    place.fill(4);
    const intact = readFileSync(place.file);
    const stored = new Set(Array.from({ length: 10 }, (_, i) => 300 + i).concat(400));
    const change = fc.tuple(fc.nat(intact.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        using place = new Place();
        const bytes = Buffer.from(intact);
        for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
        writeFileSync(place.file, bytes);
        const store = place.open();
        try {
          const { values } = store.read(query);
          for (const value of values) expect(stored).toContain(value);
        } catch (error) {
          if (!isCarportError(error)) throw error;
        }
        store.append(can0, leaf, samples(START, [voltage, 400]));
        store.flush();
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});

test("a power cut that tears the log anywhere costs the newest flushes and nothing else", () => {
  using place = new Place();
  const store = place.open();
  const sizes: number[] = [];
  for (let flush = 0; flush < 8; flush++) {
    store.append(can0, leaf, samples(START + flush, [voltage, 300 + flush], [gear, flush]));
    store.flush();
    sizes.push(readFileSync(`${place.file}-wal`).length);
  }
  const [database, log] = [readFileSync(place.file), readFileSync(`${place.file}-wal`)];
  store.close();
  const garbage = fc.uint8Array({ maxLength: 3000 });
  fc.assert(
    fc.property(fc.nat(log.length), garbage, (cut, garbage) => {
      using after = new Place();
      writeFileSync(after.file, database);
      writeFileSync(`${after.file}-wal`, Buffer.concat([log.subarray(0, cut), garbage]));
      const store = after.open();
      const whole = sizes.filter((size) => size <= cut).length;
      expect(Array.from(store.read(query).values)).toEqual(Array.from({ length: whole }, (_, i) => 300 + i));
      expectGoesOn(after, store);
    }),
    { numRuns: 30 },
  );
});

describe("while the disk cannot be used", () => {
  test("samples wait in memory, can be read, and are written once it can", async () => {
    using place = new Place();
    // Stands in the place of the folder.
    const obstacle = join(place.file, "..", "later");
    writeFileSync(obstacle, "");
    const store = startStore({ folder: obstacle, clock: place.clock, log: place.log });
    store.append(can0, leaf, samples(START, [voltage, 380]));
    await place.clock.advance(30_000);
    store.append(can0, leaf, samples(START + 1, [voltage, 381]));
    expect(store.counters()).toMatchObject({
      appended: 2,
      stored: 0,
      waiting: 2,
      fault: { code: "STORE_UNAVAILABLE" },
    });
    expect([...store.read(query).values]).toEqual([380, 381]);
    rmSync(obstacle);
    mkdirSync(obstacle);
    await place.clock.advance(10_000);
    expect(store.counters()).toMatchObject({ stored: 2, waiting: 0, fault: undefined });
    store.close();
    const later = startStore({ folder: obstacle, clock: place.clock, log: place.log });
    expect([...later.read(query).values]).toEqual([380, 381]);
    later.close();
    expect(place.log.lines.filter((line) => line.includes("STORE_UNAVAILABLE"))).toHaveLength(1);
  });

  test("history from before is found and gone on with once it can", async () => {
    using place = new Place();
    place.fill();
    const folder = join(place.file, "..");
    renameSync(place.file, join(folder, "away.db"));
    mkdirSync(place.file);
    const store = place.open();
    store.append(can0, leaf, samples(START + 1000, [gear, 1], [voltage, 380]));
    await place.clock.advance(20_000);
    expect(store.counters()).toMatchObject({ waiting: 2, fault: { code: "STORE_UNAVAILABLE" } });
    rmSync(place.file, { recursive: true });
    renameSync(join(folder, "away.db"), place.file);
    await place.clock.advance(10_000);
    expect(store.counters()).toMatchObject({ stored: 2, channels: 2, fault: undefined });
    expect(store.read(query).times).toHaveLength(11);
    store.close();
    expect(place.open().read(query).times).toHaveLength(11);
  });

  test("because another program locks the file, the code says so", async () => {
    using place = new Place();
    place.fill();
    const store = place.open();
    using other = new DatabaseSync(place.file);
    other.exec("BEGIN IMMEDIATE");
    store.append(can0, leaf, samples(START + 1000, [voltage, 380]));
    store.flush();
    expect(store.counters()).toMatchObject({ waiting: 1, fault: { code: "STORE_BUSY" } });
    expect(store.read(query).times).toHaveLength(11);
    other.exec("ROLLBACK");
    await place.clock.advance(10_000);
    expect(store.counters()).toMatchObject({ stored: 1, waiting: 0, fault: undefined });
    store.close();
  });
});

function change(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(sql);
}

function overwrite(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from, from + length);
  writeFileSync(file, bytes);
}
