/** Recordings to frames: our readers against python-can's, from the file on. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { pcanTrc } from "#protocols/can/logs/pcan-trc.ts";
import { recogniseLog } from "#protocols/can/logs/recognise.ts";
import { vectorAsc } from "#protocols/can/logs/vector-asc.ts";
import { vectorBlf } from "#protocols/can/logs/vector-blf.ts";
import { parseDbc } from "#protocols/dbc/parse.ts";
import { openCanLog } from "#transports/log-file.ts";
import { madeUpDbc, randomFrames } from "./made-up-bus.ts";
import { pythonPeer } from "./python-peers.ts";
import { medianSeconds, report } from "./report.ts";

const FRAMES = 100_000;
/** python-can goes by the ending. */
const dialects = [
  { dialect: candumpLog, ending: "log" },
  { dialect: vectorAsc, ending: "asc" },
  { dialect: pcanTrc, ending: "trc" },
  { dialect: vectorBlf, ending: "blf" },
];

const peerAnswer = z.object({ seconds: z.number(), frames: z.int() });

async function readAll(path: string): Promise<number> {
  const log = await openCanLog(path, recogniseLog);
  let count = 0;
  for await (const frames of log.frames) count += frames.length;
  return count;
}

const frames = randomFrames(parseDbc(madeUpDbc(), "made-up.dbc").network, FRAMES);
const folder = await mkdtemp(join(tmpdir(), "carport-bench-"));
try {
  for (const { dialect, ending } of dialects) {
    const path = join(folder, `frames.${ending}`);
    const writer = dialect.writer?.();
    if (writer === undefined) continue;
    const body = [writer.write(frames), writer.end()];
    const bytes = Buffer.concat(body);
    bytes.set(writer.header?.() ?? []);
    await writeFile(path, bytes);
    const read = await readAll(path);
    const answer = await pythonPeer("read_log.py", path);
    const peer = answer === undefined ? undefined : peerAnswer.parse(answer);
    const seconds = await medianSeconds(async () => void (await readAll(path)), { rounds: 5 });
    report({
      name: dialect.title,
      value: read / seconds,
      unit: "frames/s",
      ...(peer && { peer: peer.frames / peer.seconds, peerName: "python-can" }),
      ...(peer && peer.frames !== read && { note: `python-can found ${peer.frames} of ${read} frames` }),
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
