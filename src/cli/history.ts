import type { Visit } from "#devices/battery-monitor/visit.ts";
import { type HistoryRecord, RECORD_INTERVAL_MS, recordTime } from "#protocols/leagend/history.ts";
import { ADAPTER_HELP, bleAddress, visitNearby, withBluetooth } from "./bluetooth.ts";
import type { Command } from "./io.ts";
import { readOptions } from "./options.ts";

const HELP = `Connects to a battery monitor and prints what it remembers, oldest first, one record per two minutes.

Usage: carport history ADDRESS [--days N] [--adapter NAME] [--csv | --json]

  --days N         how far back, 30 otherwise; a BM7 gives no more than 8.5 hours
${ADAPTER_HELP}
  --csv            comma-separated, with a heading
  --json           one JSON object per line

Exit code: 0 all of it was read, 1 only a part or nothing, 2 wrong usage.
`;

const DAY = 86_400_000;

export const history: Command = async (args, io) => {
  const options = readOptions(
    args,
    {
      options: {
        days: { type: "string", default: "30" },
        adapter: { type: "string", default: "auto" },
        csv: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
      allowPositionals: true,
    },
    HELP,
    io,
  );
  if (typeof options === "number") return options;
  const { positionals, values } = options;
  const address = bleAddress(positionals[0]);
  const days = Number(values.days);
  const problem =
    ((address === undefined || positionals.length > 1) &&
      "Name the monitor's address, as carport scan shows it: 50:54:7B:24:30:10.") ||
    (!(days > 0 && days <= 90) && "--days takes a number up to 90.") ||
    (values.csv && values.json && "Choose one of --csv and --json.");
  if (problem || address === undefined) {
    io.err(`${problem}\n\n${HELP}`);
    return 2;
  }
  const layout = values.json ? asJson : values.csv ? asCsv : asTable;
  return await withBluetooth(values.adapter, io, async (adapter) => {
    const records = () => Math.ceil((days * DAY) / RECORD_INTERVAL_MS);
    const visit = await visitNearby(adapter, address, { signal: io.signal, records });
    io.out(layout.heading);
    for (const [time, record] of dated(visit)) io.out(layout.line(new Date(time).toISOString(), record));
    if (visit.history?.complete === true) return 0;
    io.err(`${address}: its answer broke off, so this is a part of it. Try again nearer to it.\n`);
    return 1;
  });
};

/** Records with their times, oldest first. */
function* dated({ model, history: read }: Visit): Generator<readonly [number, HistoryRecord]> {
  if (read === undefined) return;
  for (let index = read.records.length - 1; index >= 0; index--) {
    const record = read.records[index];
    if (record !== undefined) yield [recordTime(model, index, read.time), record];
  }
}

interface Layout {
  readonly heading: string;
  line(time: string, record: HistoryRecord): string;
}

const asJson: Layout = { heading: "", line: (time, record) => `${JSON.stringify({ time, ...record })}\n` };

const asCsv: Layout = {
  heading: "time,voltage,state_of_charge,temperature,crank_voltage,event\n",
  line: (time, { voltage, stateOfCharge, temperature, crankVoltage, event }) =>
    `${[time, voltage.toFixed(2), stateOfCharge, temperature, crankVoltage?.toFixed(2), event].join(",")}\n`,
};

const asTable: Layout = {
  heading: "TIME                      VOLTAGE  CHARGE  TEMP   CRANK\n",
  line: (time, { voltage, stateOfCharge, temperature, crankVoltage }) =>
    `${[
      time.padEnd(26),
      `${voltage.toFixed(2)} V`.padEnd(9),
      (stateOfCharge === undefined ? "" : `${stateOfCharge} %`).padEnd(8),
      (temperature === undefined ? "" : `${temperature} °C`).padEnd(7),
      crankVoltage === undefined ? "" : `${crankVoltage.toFixed(2)} V`,
    ]
      .join("")
      .trimEnd()}\n`,
};
