import { ADAPTER_HELP, bleAddress, visitNearby, withBluetooth } from "./bluetooth.ts";
import type { Command } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Connects to a battery monitor, reads it and leaves it free again.

Usage: carport read ADDRESS [--adapter NAME] [--json]

${ADAPTER_HELP}
  --json           one JSON object

Exit code: 0 read, 1 it could not be read, 2 wrong usage.
`;

export const read: Command = async (args, io) => {
  const options = readOptions(
    args,
    {
      options: { adapter: { type: "string", default: "auto" }, json: { type: "boolean", default: false } },
      allowPositionals: true,
    },
    HELP,
    io,
  );
  if (typeof options === "number") return options;
  const { positionals, values } = options;
  const address = bleAddress(positionals[0]);
  if (address === undefined || positionals.length > 1) {
    io.err(`Name the monitor's address, as carport scan shows it: 50:54:7B:24:30:10.\n\n${HELP}`);
    return 2;
  }
  return await withBluetooth(values.adapter, io, async (adapter) => {
    const { model, reading, time } = await visitNearby(adapter, address, { signal: io.signal });
    const { voltage, stateOfCharge, temperature, state } = reading;
    if (values.json) {
      io.out(`${JSON.stringify({ address, model, time: new Date(time).toISOString(), ...reading })}\n`);
    } else {
      const parts = [`${voltage.toFixed(2)} V`, `${stateOfCharge} %`];
      if (temperature !== undefined) parts.push(`${temperature} °C`);
      if (state !== undefined) parts.push(state);
      io.out(`${model} at ${address}: ${parts.join(", ")}\n`);
    }
    return 0;
  });
};
