/** Every table of series.db, as steps: the database's user_version is the number of steps it has taken. */
export const migrations: readonly string[] = [
  `
  -- A device while it is bound to a vehicle. signals: zstd of a JSON array, in the order of its channels' ids.
  CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    vehicle TEXT,
    signals BLOB NOT NULL
  ) STRICT;

  -- A signal of a source, with its newest sealed sample.
  CREATE TABLE channel (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    key TEXT NOT NULL,
    unit TEXT,
    last_time INTEGER,
    last_value REAL
  ) STRICT;

  -- One row per flush, of all channels, until sealed. channels: LEB128 ids in the order of the columns in data.
  CREATE TABLE hot (
    id INTEGER PRIMARY KEY,
    channels BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;

  -- Channels sampled at the same times: a JSON array of ids, in the order of the columns in their chunks.
  CREATE TABLE bundle (
    id INTEGER PRIMARY KEY,
    channels TEXT NOT NULL
  ) STRICT;

  -- Statistics apart from the samples, so that zoomed-out charts read little. Times: UTC ms, inclusive.
  -- check_sum: CRC-32 of the row and its channels, as samples have one of their own in zstd.
  CREATE TABLE chunk (
    bundle INTEGER NOT NULL,
    from_time INTEGER NOT NULL,
    block INTEGER NOT NULL,
    to_time INTEGER NOT NULL,
    count INTEGER NOT NULL,
    head BLOB NOT NULL,
    check_sum INTEGER NOT NULL,
    PRIMARY KEY (bundle, from_time, block)
  ) STRICT, WITHOUT ROWID;

  -- The samples of a chunk: zstd of times and columns.
  CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    data BLOB NOT NULL
  ) STRICT;
  `,
];
