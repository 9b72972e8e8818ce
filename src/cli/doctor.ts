import { z } from "zod";
import { deviceResource } from "#api/contract/resources.ts";
import { examination } from "#api/contract/workshop.ts";
import type { Command, Io } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Asks the Carport that runs on this machine how the readings of each device come to Home Assistant: adapter, bus,
car or sensor, Carport, broker, Home Assistant. Says which of them is broken and what to do.

Usage: carport doctor [DEVICE] [--url URL]

  --url URL       where Carport is; CARPORT_HTTP_PORT on this machine, or http://127.0.0.1:8099
  DEVICE          id of a device; without it, all

Exit code: 0 nothing is broken, 1 something is, 2 wrong usage or no Carport.
`;

const LIMIT_MS = 10_000;

const list = z.object({ data: z.array(deviceResource.pick({ id: true })) });
const one = z.object({ data: examination });

export const doctor: Command = async (args, io) => {
  const options = readOptions(args, { options: { url: { type: "string" } }, allowPositionals: true }, HELP, io);
  if (typeof options === "number") return options;
  const url = options.values.url ?? `http://127.0.0.1:${io.env["CARPORT_HTTP_PORT"] || 8099}`;
  const [device] = options.positionals;
  try {
    const ids = device === undefined ? (await ask(`${url}/api/devices`, list, io)).data.map(({ id }) => id) : [device];
    let broken = false;
    for (const id of ids) {
      const path = `${url}/api/devices/${encodeURIComponent(id)}/doctor`;
      const { links, firstBroken } = (await ask(path, one, io)).data.attributes;
      broken ||= firstBroken !== null;
      io.out(`${id}\n${links.map(lineOf).join("")}`);
    }
    if (ids.length === 0) io.out("There is no device yet.\n");
    return broken ? 1 : 0;
  } catch (error) {
    io.err(`carport: no answer from the Carport at ${url}: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
};

const lineOf = ({ name, state, seen, fault }: z.infer<typeof examination>["attributes"]["links"][number]): string => {
  const what = fault ? `${fault.message}\n${" ".repeat(27)}${fault.nextStep}` : seen;
  return `  ${name.padEnd(15)} ${state.padEnd(8)} ${what}\n`;
};

async function ask<Answer>(url: string, shape: z.ZodType<Answer>, { signal }: Io): Promise<Answer> {
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return shape.parse(await answer.json());
}
