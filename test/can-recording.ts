import type { CanFrame } from "#domain/can-frame.ts";
import type { CanLogReader } from "#domain/can-log.ts";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import type { LogDialect } from "#protocols/can/logs/dialect.ts";

/** A whole recording at once. */
export function readRecording(
  dialect: LogDialect,
  bytes: Uint8Array | string,
): { frames: CanFrame[]; reader: CanLogReader } {
  const reader = dialect.reader();
  const frames = reader.read(Buffer.from(bytes));
  frames.push(...reader.end());
  return { frames, reader };
}

/** Frames as lines of candump -L, to compare them at a glance. */
export function candumpLines(frames: readonly CanFrame[]): string[] {
  const text = Buffer.from(candumpLog.writer?.().write(frames) ?? []).toString("latin1");
  return text.split("\n").slice(0, -1);
}
