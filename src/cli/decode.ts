import { basename } from "node:path";
import { readDbcFile } from "#devices/dbc-can/dbc-file.ts";
import type { CanFrame } from "#domain/can-frame.ts";
import { isCarportError } from "#domain/error.ts";
import { logDialects, recogniseLog } from "#protocols/can/logs/recognise.ts";
import type { SampleSink } from "#protocols/can/signal-register.ts";
import { leafGenerations } from "#protocols/leaf/generation.ts";
import { type CanLogFile, openCanLog } from "#transports/log-file.ts";
import { convert } from "./decode-convert.ts";
import { type RecordingSummary, remarks, statisticsJson, statisticsTable } from "./decode-report.ts";
import { dbcDecoder, type FrameDecoder, frameId, leafDecoder } from "./decode-signals.ts";
import { StatisticsSink } from "./decode-statistics.ts";
import { LineSink } from "./decode-values.ts";
import type { Command, Io } from "./io.ts";
import { readOptions } from "./options.ts";

const written = logDialects.filter(({ writer }) => writer !== undefined);

const HELP = `Reads a CAN recording and prints the values in it, one per line. Its format is told by its content, not its name, and it
may be compressed (gzip, zstd): docs/can-logs.md lists what can be read.

Usage: carport decode FILE [--leaf auto|ze0|aze0|ze1 | --dbc FILE] [--stats] [--json]
       carport decode FILE --convert FORMAT [--output FILE]

  --leaf NAME       which Leaf: ze0 (2011–12), aze0 (2013–17), ze1 (since 2018); otherwise told from the frames
  --dbc FILE        decode by this DBC file instead, any car
  --stats           per signal: frame, unit, count, how often unavailable, first, last, min, max, mean
  --json            for programs: one object, or one per line without --stats
  --convert FORMAT  write the frames in another format instead of decoding them
  --output FILE     a new file to write them to; otherwise they are printed

Formats to convert to: ${written.map(({ name }) => name).join(", ")}.

Exit code: 0 done, 1 the file could not be read or held nothing to decode, 2 wrong usage.
`;

const CONFIG = {
  options: {
    leaf: { type: "string" },
    dbc: { type: "string" },
    stats: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    convert: { type: "string" },
    output: { type: "string" },
  },
  allowPositionals: true,
} as const;

export const decode: Command = async (args, io) => {
  const options = readOptions(args, CONFIG, HELP, io);
  if (typeof options === "number") return options;
  const { positionals, values } = options;
  const [path, ...more] = positionals;
  const { leaf = "auto", dbc, stats, json, output } = values;
  const generation = leafGenerations.find((name) => name === leaf) ?? (leaf === "auto" ? "auto" : undefined);
  const dialect = written.find(({ name }) => name === values.convert);
  const mistake = firstOf(
    [path === undefined, "name the recording to read"],
    [more.length > 0, `one recording at a time: ${more.join(" ")} is too much`],
    [generation === undefined, `--leaf takes auto, ${leafGenerations.join(", ")}`],
    [dbc !== undefined && values.leaf !== undefined, "--leaf and --dbc exclude each other"],
    [values.convert !== undefined && dialect === undefined, `cannot write ${values.convert}`],
    [dialect === undefined && output !== undefined, "--output goes with --convert"],
    [dialect?.binary === true && output === undefined, `${dialect?.name} is binary: give --output FILE`],
  );
  if (path === undefined || generation === undefined || mistake !== undefined) {
    io.err(`carport decode: ${mistake}\n\n${HELP}`);
    return 2;
  }
  let log: CanLogFile | undefined;
  try {
    const decoder = dbc === undefined ? leafDecoder(generation) : await dbcFileDecoder(dbc, io);
    log = await openCanLog(path, recogniseLog);
    const writer = dialect?.writer?.();
    if (writer === undefined) return await decodeLog(path, log, decoder, { stats, json }, io);
    await convert(log, writer, output, io);
    io.err(omissions(writer.omitted, dialect?.name));
    return 0;
  } catch (error) {
    if (io.signal.aborted) return 1;
    io.err(errorText(error));
    return 1;
  } finally {
    await log?.close();
  }
};

async function decodeLog(
  path: string,
  log: CanLogFile,
  decoder: FrameDecoder,
  { stats, json }: { readonly stats: boolean; readonly json: boolean },
  io: Io,
): Promise<number> {
  const statistics = new StatisticsSink();
  const lines = new LineSink(decoder, log.reader, json);
  const sink: SampleSink = stats ? statistics : lines;
  const span = new Span();
  for await (const frames of log.frames) {
    io.signal.throwIfAborted();
    for (const frame of frames) {
      span.add(frame);
      decoder.decode(frame, sink);
    }
    io.out(lines.take());
  }
  decoder.flush(sink);
  io.out(lines.take());
  const { dialect, timeBase, counters } = log.reader;
  const summary: RecordingSummary = {
    ...{ file: basename(path), dialect, timeBase, counters, from: span.from, to: span.to },
    ...{ decodedAs: decoder.decodesAs, decoder: decoder.counters },
  };
  if (stats) {
    const found = statistics.of(decoder, span.frames);
    io.out(json ? statisticsJson(summary, found) : statisticsTable(summary, found));
  }
  io.err(remarks(summary));
  if (decoder.signals.length > 0) return 0;
  io.err("No frame in this recording has a signal that is known.\n");
  return 1;
}

/** Which frames there were, and when. */
class Span {
  from = Number.NaN;
  to = Number.NaN;
  readonly #standard = new Set<number>();
  readonly #extended = new Set<number>();

  add({ time, id, extended }: CanFrame): void {
    if (!(time >= this.from)) this.from = time;
    if (!(time <= this.to)) this.to = time;
    (extended ? this.#extended : this.#standard).add(id);
  }

  get frames(): ReadonlySet<string> {
    const standard = [...this.#standard].map((id) => frameId(id, false));
    return new Set([...standard, ...[...this.#extended].map((id) => frameId(id, true))]);
  }
}

async function dbcFileDecoder(path: string, io: Io): Promise<FrameDecoder> {
  const { network, warnings } = await readDbcFile(path);
  for (const { line, text } of warnings) io.err(`${basename(path)}:${line}: ${text}\n`);
  return dbcDecoder(network, basename(path));
}

/** The first of the mistakes that was made. */
function firstOf(...mistakes: readonly (readonly [made: boolean, text: string])[]): string | undefined {
  return mistakes.find(([made]) => made)?.[1];
}

function omissions(count: number, dialect: string | undefined): string {
  if (count === 0) return "";
  return count === 1
    ? `1 frame left out: ${dialect} cannot express it\n`
    : `${count} frames left out: ${dialect} cannot express them\n`;
}

function errorText(error: unknown): string {
  if (isCarportError(error)) return `${error.message}\n  ${error.nextStep}\n`;
  if (!(error instanceof Error && "code" in error)) throw error;
  if (error.code !== "EEXIST") return `${error.message}\n`;
  return `${error.message}\n  Name a file that does not exist yet, so that none is lost.\n`;
}
