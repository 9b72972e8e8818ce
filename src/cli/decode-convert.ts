import { open, rm } from "node:fs/promises";
import type { CanLogWriter } from "#domain/can-log.ts";
import type { CanLogFile } from "#transports/log-file.ts";
import type { Io } from "./io.ts";

/** Writes a recording in another dialect, to a new file or, without one, to standard output. */
export async function convert(
  log: CanLogFile,
  writer: CanLogWriter,
  output: string | undefined,
  io: Io,
): Promise<void> {
  if (output === undefined) {
    await write(log, writer, io.signal, async (bytes) => io.out(Buffer.from(bytes).toString("latin1")));
    return;
  }
  // Never over a file that is there: it might be somebody's only recording.
  const file = await open(output, "wx");
  try {
    await write(log, writer, io.signal, async (bytes) => {
      await file.appendFile(bytes);
    });
    const header = writer.header?.();
    if (header !== undefined) await file.write(header, 0, header.length, 0);
    await file.close();
  } catch (error) {
    await file.close();
    await rm(output, { force: true });
    throw error;
  }
}

async function write(
  log: CanLogFile,
  writer: CanLogWriter,
  signal: AbortSignal,
  append: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  for await (const frames of log.frames) {
    signal.throwIfAborted();
    await append(writer.write(frames));
  }
  await append(writer.end());
}
