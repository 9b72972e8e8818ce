/** A whole Carport process with two full CAN buses: what they cost, from the frame source to the store, and what is lost. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { frames } from "#simulators/leaf/leaf.ts";
import { CarportProcess } from "../carport-process.ts";
import { report } from "./report.ts";

/** 500 kbit/s, 11-bit identifiers, eight bytes, no stuff bits: 111 bits a frame. */
const FULL_BUS = 500_000 / 111;
const RECORDED_SECONDS = 300;
const SETTLE_MS = 8_000;
const MEASURED_MS = 20_000;

const recording = [...frames({ generation: "aze0", seconds: RECORDED_SECONDS, start: Date.UTC(2026, 0, 1) })];
const rate = recording.length / RECORDED_SECONDS;
const buses = ["one", "two"];
const carport = await CarportProcess.create({ vehicles: [], devices: [] });
try {
  const file = join(carport.folder, "drive.log");
  await writeFile(file, candumpLog.writer?.().write(recording) ?? "");
  await carport.configure({
    vehicles: [{ id: "leaf", name: "Leaf", kind: "car" }],
    devices: buses.map((id) => ({
      id,
      kind: "leaf-can",
      name: id,
      vehicle: "leaf",
      settings: { bus: `file:${file}`, replaySpeed: FULL_BUS / rate },
    })),
  });
  await carport.start();
  const { pid } = carport;
  if (pid === undefined) throw new Error("Carport has no process");
  await sleep(SETTLE_MS);
  const before = await measure(pid);
  await sleep(MEASURED_MS);
  const after = await measure(pid);

  const seconds = (after.time - before.time) / 1000;
  const framesPerSecond = (after.frames - before.frames) / seconds;
  const note = `${Math.round(framesPerSecond)} frames/s and ${Math.round((after.samples - before.samples) / seconds)} samples/s, by two recordings of the simulator`;
  report({
    name: "two full buses, frame source to store",
    value: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
    unit: "% of a core",
    target: { atMost: 25 },
    note,
  });
  report({
    name: "two full buses, lost",
    value: after.lost - before.lost,
    unit: "samples",
    target: { atMost: 0 },
    note,
  });
  report({ name: "two full buses, resident memory", value: after.residentBytes / 1e6, unit: "MB" });
} finally {
  await carport.dispose();
}

interface Measured {
  readonly time: number;
  readonly cpuSeconds: number;
  readonly frames: number;
  readonly samples: number;
  readonly lost: number;
  readonly residentBytes: number;
}

async function measure(pid: number): Promise<Measured> {
  const counted = z.object({
    data: z.array(z.object({ attributes: z.object({ counters: z.record(z.string(), z.number()) }) })),
  });
  const system = z.object({
    data: z.object({
      attributes: z.object({
        memory: z.object({ residentBytes: z.number() }),
        store: z.looseObject({ appended: z.number(), rejected: z.number() }),
      }),
    }),
  });
  const devices = counted.parse(await json("/api/devices")).data.map(({ attributes }) => attributes.counters);
  const { memory, store } = system.parse(await json("/api/system")).data.attributes;
  const sum = (counter: string): number => devices.reduce((total, counters) => total + (counters[counter] ?? 0), 0);
  return {
    time: performance.now(),
    cpuSeconds: await cpuSeconds(pid),
    frames: sum("frames"),
    samples: store.appended,
    lost: sum("dropped") + sum("throttled") + sum("damaged") + store.rejected,
    residentBytes: memory.residentBytes,
  };
}

async function json(path: string): Promise<unknown> {
  return (await fetch(carport.url + path, { signal: AbortSignal.timeout(5_000) })).json();
}

/** User and system time of all threads: fields 14 and 15 of proc(5) stat, in hundredths of a second. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
