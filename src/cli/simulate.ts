import { CarportError, toCarportError } from "#domain/error.ts";
import { systemClock } from "#hub/system-clock.ts";
import { leafGenerations } from "#protocols/leaf/generation.ts";
import { runLeaf } from "#simulators/leaf/leaf.ts";
import { openSocketCan } from "#transports/socketcan.ts";
import type { Command } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Lets a simulated vehicle live on a CAN interface until it is stopped (Ctrl-C): it drives, regenerates, parks, charges
and answers diagnostic reads. Never name an interface that is connected to a real car.

Usage: carport simulate leaf --interface NAME [--generation ze0|aze0|ze1] [--seed NUMBER]

  --interface NAME   the CAN interface to send on, for example vcan0
  --generation NAME  ze0 (2011–12), aze0 (2013–17) or ze1 (since 2018); otherwise aze0
  --seed NUMBER      another number, another life; otherwise 1
`;

/** An awake car sends hundreds of frames in this time. */
const LISTEN_MS = 1000;

export const simulate: Command = async (args, io) => {
  const options = readOptions(
    args,
    {
      options: {
        interface: { type: "string" },
        generation: { type: "string", default: "aze0" },
        seed: { type: "string", default: "1" },
      },
      allowPositionals: true,
    },
    HELP,
    io,
  );
  if (typeof options === "number") return options;
  const { positionals, values } = options;
  const generation = leafGenerations.find((name) => name === values.generation);
  const seed = Number(values.seed);
  const problem =
    (positionals.join(" ") !== "leaf" && "Name the vehicle to simulate: leaf.") ||
    (values.interface === undefined && "Name the interface to send on: --interface vcan0.") ||
    (generation === undefined &&
      `There is no Leaf "${values.generation}": it is one of ${leafGenerations.join(", ")}.`) ||
    (!Number.isSafeInteger(seed) && "The seed is a whole number.");
  if (problem || values.interface === undefined || generation === undefined) {
    io.err(`${problem}\n\n${HELP}`);
    return 2;
  }
  try {
    if (await isInUse(values.interface)) throw new CarportError("SIMULATOR_BUS_IN_USE", values.interface);
    const bus = await openSocketCan({ interface: values.interface, send: true });
    io.err(`A Leaf (${generation}) lives on ${values.interface} now.\n`);
    await runLeaf({ bus, clock: systemClock, signal: io.signal, generation, seed });
    return 0;
  } catch (error) {
    const { message, nextStep } = toCarportError(error, values.interface);
    io.err(`${message}\n${nextStep}\n`);
    return 1;
  }
};

/** A simulated car commands a motor: it must never speak on a bus where a real one does. */
async function isInUse(name: string): Promise<boolean> {
  const bus = await openSocketCan({ interface: name, send: false });
  const heard = new AbortController();
  const limit = systemClock.sleep(LISTEN_MS, heard.signal).then(() => bus.close());
  try {
    for await (const _ of bus.frames) return true;
    return false;
  } finally {
    heard.abort();
    await limit;
  }
}
