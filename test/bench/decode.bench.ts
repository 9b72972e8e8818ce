/** Frames to physical values by a DBC file: our decoder against cantools, both from the same files, decoding alone. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { CanFrame } from "#domain/can-frame.ts";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { compileDbc, type DbcDecoder } from "#protocols/dbc/decoder.ts";
import { parseDbc } from "#protocols/dbc/parse.ts";
import { decodeDbcText } from "#protocols/dbc/text.ts";
import { madeUpDbc, randomFrames } from "./made-up-bus.ts";
import { pythonPeer } from "./python-peers.ts";
import { medianSeconds, report } from "./report.ts";

const FRAMES = 50_000;
/** Our rounds are this much longer, so that they last long enough to be timed. */
const REPEATS = 10;
const TIMES_PEER = 5;

const peerAnswer = z.object({ seconds: z.number(), values: z.int() });

function decodeAll(decoder: DbcDecoder, frames: readonly CanFrame[]): number {
  let values = 0;
  for (const { id, extended, data } of frames) values += decoder.decode(id, extended, data);
  return values;
}

async function bench(title: string, dbc: string, folder: string): Promise<void> {
  const { network } = parseDbc(decodeDbcText(await readFile(dbc)), dbc);
  const log = join(folder, "frames.log");
  const writer = candumpLog.writer?.();
  await writeFile(log, writer?.write(randomFrames(network, FRAMES)) ?? "");
  const frames = candumpLog.reader().read(await readFile(log));

  const decoder = compileDbc(network);
  const seconds = await medianSeconds(() => {
    for (let repeat = 0; repeat < REPEATS; repeat++) decodeAll(decoder, frames);
  });
  const values = decodeAll(decoder, frames);
  const answer = await pythonPeer("decode.py", dbc, log);
  const peer = answer === undefined ? undefined : peerAnswer.parse(answer);
  if (peer !== undefined && peer.values !== values) throw new Error(`cantools: ${peer.values} values, we: ${values}`);

  const perFrame = values / frames.length;
  const rate = (frames.length * REPEATS) / seconds;
  const peerRate = peer && frames.length / peer.seconds;
  report({
    name: title,
    value: rate,
    unit: "frames/s",
    ...(peerRate && { target: { atLeast: TIMES_PEER * peerRate }, peer: peerRate, peerName: "cantools" }),
    note: `${perFrame.toFixed(1)} values per frame`,
  });
}

const folder = await mkdtemp(join(tmpdir(), "carport-bench-"));
try {
  const madeUp = join(folder, "made-up.dbc");
  await writeFile(madeUp, madeUpDbc());
  await bench("29 messages, 190 signals", madeUp, folder);
  const leaf = `${process.env["CARPORT_REAL_DATA"] ?? "../shared/data"}/dbc/nissan_leaf_2018_merged.dbc`;
  await bench("Leaf 2018 of opendbc", leaf, folder).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    console.error(`no ${leaf}`);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
