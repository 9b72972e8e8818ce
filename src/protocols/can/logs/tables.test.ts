import { expect, test } from "vitest";
import { candumpLines, readRecording } from "../../../../test/can-recording.ts";
import type { LogDialect } from "./dialect.ts";
import { influxTelemetryTsv } from "./influx-telemetry-tsv.ts";
import { leafCanFilter } from "./leaf-can-filter.ts";
import { parserFlagsTsv } from "./parser-flags-tsv.ts";

const FLAGS_HEADER = "ParserFlags\tCh\tCounter\tT/R\tTime\tFlags\tCAN ID\tLen\tData\tParser Name\tdefault\n";

test("ParserFlags: milliseconds on its own clock, columns by tabs, empty ones included", () => {
  const { frames, reader } = readRecording(
    parserFlagsTsv,
    `${FLAGS_HEADER}1\t0\t1\tRX\t5819103\t\t0x0000011a\t3\t0x4e 40 04 \tDefault Parser\t\n1\t1\t2\tTX\t5819104\t\t0x18ff50e5\t0\t\tDefault Parser\t\n`,
  );
  expect(candumpLines(frames)).toEqual(["(5819.103000) can0 11A#4E4004 R", "(5819.104000) can1 18FF50E5# T"]);
  expect(reader.timeBase).toBe("relative");
  expect(reader.counters.discarded).toBe(0);
});

test("leaf_can_filter: ids of eight digits, extended when they are too large for eleven bits, blanks at the end", () => {
  const { frames } = readRecording(
    leafCanFilter,
    "0000.013947 0000050A 6 06 22 00 0D 00 00  \r\n0001.000000 18FF50E5 0\r\n",
  );
  expect(candumpLines(frames)).toEqual(["(0.013947) can0 50A#0622000D0000 R", "(1.000000) can0 18FF50E5# R"]);
});

test("Leaf telemetry: data in one piece, comments begin with #", () => {
  const { frames, reader } = readRecording(
    influxTelemetryTsv,
    "# Timestamp(s)\tCAN_ID\tDLC\tData\n1700000000.000013\t0x1D4\t2\tF73C\n1700000000.000014\t0x18FF50E5\t0\t\n",
  );
  expect(candumpLines(frames)).toEqual(["(1700000000.000013) can0 1D4#F73C R", "(1700000000.000014) can0 18FF50E5# R"]);
  expect(reader.counters.discarded).toBe(0);
});

test.each<[LogDialect, string, string]>([
  [parserFlagsTsv, "1\t0\t1\tUP\t1\t\t0x0000011a\t0\t\t\t", "T/R is neither RX nor TX"],
  [parserFlagsTsv, "1\t0\t1\tRX\tx\t\t0x0000011a\t0\t\t\t", "no time stamp"],
  [parserFlagsTsv, "1\t0\t1\tRX\t1\t\t0xffffffff\t0\t\t\t", "identifier out of range"],
  [parserFlagsTsv, "1\t0\t1\tRX\t1\t\t0x0000011a\tx\t\t\t", "no length"],
  [parserFlagsTsv, "1\t0\t1\tRX\t1\t\t0x0000011a\t2\t0x00 \t\t", "less data than the length says"],
  [leafCanFilter, "x 0000011A 0", "no time stamp"],
  [leafCanFilter, "0000.000000 xyz 0", "no identifier"],
  [leafCanFilter, "0000.000000 0000011A x", "no length"],
  [leafCanFilter, "0000.000000 0000011A 2 00", "data that does not fit the length"],
  [leafCanFilter, "0000.000000 0000011A 1 00 01", "data that does not fit the length"],
  [influxTelemetryTsv, "x\t0x1D4\t0\t", "no time stamp"],
  [influxTelemetryTsv, "1.0\t0xFFFFFFFF\t0\t", "identifier out of range"],
  [influxTelemetryTsv, "1.0\t0x1D4\t2\t00", "data that does not fit the length"],
  [influxTelemetryTsv, "1.0\t0x1D4\t1\t0001", "data that does not fit the length"],
])("$name: a bad row is discarded with its reason", (dialect, line, reason) => {
  const { reader } = readRecording(dialect, `${line}\n`);
  expect(reader.counters).toEqual({ frames: 0, discarded: 1, firstProblem: { where: "line 1", reason } });
});
