import type { RecognisedCanLog } from "#domain/can-log.ts";
import type { ErrorCode } from "#domain/error.ts";
import { candumpLog } from "./candump-log.ts";
import { candumpScreen } from "./candump-screen.ts";
import { crtd } from "./crtd.ts";
import type { LogDialect, LogHead } from "./dialect.ts";
import { gvretCsv } from "./gvret-csv.ts";
import { influxTelemetryTsv } from "./influx-telemetry-tsv.ts";
import { leafCanFilter } from "./leaf-can-filter.ts";
import { parserFlagsTsv } from "./parser-flags-tsv.ts";
import { pcanTrc } from "./pcan-trc.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";
import { vectorAsc } from "./vector-asc.ts";
import { vectorBlf } from "./vector-blf.ts";

/** Every dialect Carport speaks. The first one that recognises a file reads it, so the unmistakable ones come first. */
export const logDialects: readonly LogDialect[] = [
  vectorBlf,
  pcap,
  pcapng,
  gvretCsv,
  parserFlagsTsv,
  influxTelemetryTsv,
  pcanTrc,
  vectorAsc,
  candumpLog,
  crtd,
  leafCanFilter,
  candumpScreen,
];

export type RecognisedLog = { readonly dialect: LogDialect } | Extract<RecognisedCanLog, { code: ErrorCode }>;

/** Tells a recording's dialect by its first kilobytes, never by its name: a long header and a few frames behind it. */
export function recogniseLog(bytes: Uint8Array): RecognisedLog {
  if (bytes.length === 0) return { code: "CAN_LOG_EMPTY", missing: "any byte" };
  const head: LogHead = { bytes, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1") };
  if (/^(MDF|UnFinMF)/.test(head.text)) return { code: "CAN_LOG_MDF4", missing: "a dialect other than MDF4" };
  const dialect = logDialects.find((candidate) => candidate.recognises(head));
  if (dialect !== undefined) return { dialect };
  const binary = head.text.includes("\0");
  return {
    code: "CAN_LOG_UNKNOWN",
    missing: binary ? "the signature of BLF, pcap or pcapng" : "a line in any dialect",
  };
}
