import { type Sighting, scanMonitors } from "#devices/battery-monitor/scan.ts";
import type { BleAdapter } from "#domain/ble.ts";
import { systemClock } from "#hub/system-clock.ts";
import { ADAPTER_HELP, told, visitNearby, withBluetooth } from "./bluetooth.ts";
import type { Command, Io } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Listens for battery monitors near by, and prints a line each time one says something new.

Usage: carport scan [--seconds N] [--adapter NAME] [--connect] [--json]

  --seconds N      how long to listen, 15 otherwise; 0 until Ctrl-C
${ADAPTER_HELP}
  --connect        then connect to each monitor found, one after the other, and read it
  --json           one JSON object per line

In the column PROOF, "advert" means that the advert is the monitor's beyond doubt, "beacon" that it is one of the kind, and
"name" that nothing but its name speaks for it.

Exit code: 0 found (and with --connect, read), 1 none found or one could not be read, 2 wrong usage.
`;

const WIDTHS = [19, 7, 9, 8, 6, 10, 8, 10];
const HEADINGS = ["ADDRESS", "MODEL", "VOLTAGE", "CHARGE", "TEMP", "STATE", "RSSI", "PROOF", "HEARD BY"];

/** What of a monitor is printed; absent what it has not said. */
interface Line {
  readonly address: string;
  readonly model: string;
  readonly voltage?: number | undefined;
  readonly stateOfCharge?: number | undefined;
  readonly temperature?: number | undefined;
  readonly state?: string | undefined;
  readonly rssi?: number;
  readonly proof: string;
  readonly source?: string;
}

export const scan: Command = async (args, io) => {
  const options = readOptions(
    args,
    {
      options: {
        seconds: { type: "string", default: "15" },
        adapter: { type: "string", default: "auto" },
        connect: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    },
    HELP,
    io,
  );
  if (typeof options === "number") return options;
  const { adapter: name, connect, json } = options.values;
  const seconds = Number(options.values.seconds);
  if (!(seconds >= 0 && seconds <= 86_400)) {
    io.err(`--seconds takes a number from 0 to 86400.\n\n${HELP}`);
    return 2;
  }
  return await withBluetooth(name, io, async (adapter) => {
    if (!json) io.out(row(HEADINGS));
    const print = (line: Line) => io.out(json ? `${JSON.stringify(line)}\n` : row(cells(line)));
    const found = await listen(adapter, seconds === 0 ? Number.POSITIVE_INFINITY : seconds * 1_000, io, print);
    if (found.length === 0) {
      io.err("No battery monitor was heard.\nGo nearer, and close its phone app: while connected, it is silent.\n");
      return 1;
    }
    return connect && !io.signal.aborted ? await readAll(adapter, found, io, print) : 0;
  });
};

/** Addresses of the monitors that were heard. */
async function listen(
  adapter: BleAdapter,
  ms: number,
  io: Io,
  print: (line: Line) => void,
): Promise<readonly string[]> {
  const over = new AbortController();
  void systemClock.sleep(ms, AbortSignal.any([io.signal, over.signal])).then(() => over.abort());
  const said = new Map<string, string>();
  try {
    for await (const sighting of scanMonitors(adapter, over.signal)) {
      const { address, model, proof, reading } = sighting;
      const saying = JSON.stringify([model, proof, reading]);
      if (said.get(address) === saying) continue;
      said.set(address, saying);
      print(lineOf(sighting));
    }
  } finally {
    over.abort();
  }
  return [...said.keys()];
}

async function readAll(
  adapter: BleAdapter,
  addresses: readonly string[],
  io: Io,
  print: (line: Line) => void,
): Promise<number> {
  let code = 0;
  for (const address of addresses) {
    try {
      const { model, reading } = await visitNearby(adapter, address, { signal: io.signal });
      print({ address, model, ...reading, proof: "connection" });
    } catch (error) {
      if (io.signal.aborted) return 1;
      io.err(told(error, address));
      code = 1;
    }
  }
  return code;
}

const lineOf = ({ address, model, proof, reading, advert }: Sighting): Line => ({
  address,
  model,
  voltage: reading?.voltage,
  stateOfCharge: reading?.stateOfCharge,
  rssi: advert.rssi,
  proof,
  source: advert.source,
});

const cells = ({ address, model, voltage, stateOfCharge, temperature, state, rssi, proof, source }: Line): string[] => [
  address,
  model,
  voltage === undefined ? "" : `${voltage.toFixed(2)} V`,
  stateOfCharge === undefined ? "" : `${stateOfCharge} %`,
  temperature === undefined ? "" : `${temperature} °C`,
  state ?? "",
  rssi === undefined ? "" : `${rssi} dBm`,
  proof,
  source ?? "",
];

const row = (texts: readonly string[]): string =>
  `${texts.map((text, at) => text.padEnd(WIDTHS[at] ?? 0)).join("")}`.trimEnd().concat("\n");
