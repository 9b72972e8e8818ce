import { type FileHandle, open } from "node:fs/promises";
import { pipeline, type Transform } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader, RecogniseCanLog } from "#domain/can-log.ts";
import { CarportError, type ErrorCode } from "#domain/error.ts";

/** What of a recording is shown to whoever tells its dialect. */
const HEAD_SIZE = 16 * 1024;
const CHUNK_SIZE = 64 * 1024;

/** A recording that is open for one pass through it. */
export interface CanLogFile {
  readonly reader: CanLogReader;
  /**
   * The frames, some thousand at a time, no faster than they are taken. Closes the file at its end and when the loop is
   * left. Throws CAN_LOG_NO_FRAMES at the end of a recording without any, CAN_LOG_UNREADABLE when the disk fails or a
   * compressed file is damaged.
   */
  readonly frames: AsyncIterable<CanFrame[]>;
  /** For an owner who does not come to read. */
  close(): Promise<void>;
}

/**
 * Opens a recording of any dialect, compressed (gzip, zstd) or not.
 *
 * @throws CarportError CAN_LOG_MISSING, CAN_LOG_IS_FOLDER, CAN_LOG_UNREADABLE, and what `recognise` says
 */
export async function openCanLog(path: string, recognise: RecogniseCanLog): Promise<CanLogFile> {
  const file = await openFile(path);
  const chunks = contents(file, path);
  const head: Buffer[] = [];
  let size = 0;
  while (size < HEAD_SIZE) {
    const { value, done } = await chunks.next();
    if (done) break;
    head.push(value);
    size += value.length;
  }
  const start = Buffer.concat(head);
  const recognised = recognise(start.subarray(0, HEAD_SIZE));
  if (recognised.dialect === undefined) {
    await chunks.return(undefined);
    throw new CarportError(recognised.code, `${path} (no sign of ${recognised.missing})`);
  }
  const reader = recognised.dialect.reader();
  return {
    reader,
    frames: frames(path, reader, start, chunks),
    close: async () => {
      await chunks.return(undefined);
    },
  };
}

async function* frames(
  path: string,
  reader: CanLogReader,
  start: Buffer,
  chunks: AsyncGenerator<Buffer>,
): AsyncGenerator<CanFrame[]> {
  try {
    const first = reader.read(start);
    if (first.length > 0) yield first;
    for await (const chunk of chunks) {
      const batch = reader.read(chunk);
      if (batch.length > 0) yield batch;
    }
    const last = reader.end();
    if (last.length > 0) yield last;
  } finally {
    await chunks.return(undefined);
  }
  if (reader.counters.frames > 0) return;
  const problem = reader.counters.firstProblem;
  const detail = problem === undefined ? "" : ` (${reader.dialect}, ${problem.where}: ${problem.reason})`;
  throw new CarportError("CAN_LOG_NO_FRAMES", `${path}${detail}`);
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw new CarportError(codeOf(error), path, { cause: error });
  }
  if (!(await file.stat()).isDirectory()) return file;
  await file.close();
  throw new CarportError("CAN_LOG_IS_FOLDER", path);
}

/** The file's bytes, unpacked. Closes the file. */
async function* contents(file: FileHandle, path: string): AsyncGenerator<Buffer> {
  const raw = file.createReadStream({ highWaterMark: CHUNK_SIZE });
  try {
    const signature = Buffer.alloc(4);
    await file.read(signature, 0, 4, 0).catch(() => undefined);
    const unpacked = unpacker(signature);
    if (unpacked === undefined) yield* raw;
    else {
      // Errors of either reach the loop below through the second.
      pipeline(raw, unpacked, () => undefined);
      yield* unpacked;
    }
  } catch (error) {
    throw new CarportError("CAN_LOG_UNREADABLE", path, { cause: error });
  } finally {
    raw.destroy();
  }
}

/** What unpacks a file that starts like this. Of one that was cut off, what is there is unpacked. */
function unpacker(signature: Buffer): Transform | undefined {
  if (signature.readUInt16BE(0) === 0x1f8b) return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  if (signature.readUInt32BE(0) === 0x28b52ffd) return createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
  return undefined;
}

function codeOf(error: unknown): ErrorCode {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" ? "CAN_LOG_MISSING" : "CAN_LOG_UNREADABLE";
}
