/**
 * `node test/machine/bluetooth-reader.ts ADAPTER ADDRESS scan|watch|read|history`, in the test machine: what Carport makes
 * of a battery monitor by the named way, as JSON, one line each. `watch` goes on until it is ended.
 */
import type { BleAdvert, BleConnection } from "#domain/ble.ts";
import { toCarportError } from "#domain/error.ts";
import { systemClock } from "#hub/system-clock.ts";
import { parseAdvert } from "#protocols/leagend/advert.ts";
import { GattSession } from "../../src/devices/battery-monitor/gatt-session.ts";
import { openBle } from "../../src/transports/ble/open-ble.ts";

const [name = "bluez", address = "", what = "scan"] = process.argv.slice(2);
const closing = new AbortController();
const { signal } = closing;
const say = (line: unknown) => console.log(JSON.stringify(line));

function described({ name, source, connectable, manufacturerData }: BleAdvert): object {
  const [reading] = [...manufacturerData].map(([company, data]) => parseAdvert(company, data, address));
  return { name, source, connectable, reading };
}

async function listen(once: boolean): Promise<void> {
  for await (const advert of adapter.adverts(signal)) {
    if (advert.address !== address || advert.manufacturerData.size === 0) continue;
    say(described(advert));
    if (once) return;
  }
}

async function visit(connection: BleConnection): Promise<void> {
  let lost = false;
  void connection.closed.then(() => {
    lost = true;
  });
  const session = await GattSession.open(connection, { clock: systemClock, signal });
  say({ reading: await session.reading(), model: session.model });
  if (what !== "history") return;
  const { records, complete } = await session.history(512);
  say({ records: records.length, complete, lost, newest: records[0] });
}

const started = performance.now();
const adapter = openBle(name, { clock: systemClock });
try {
  if (what === "scan" || what === "watch") await listen(what === "scan");
  else await adapter.connected(address, visit, signal);
} catch (error) {
  const { code, message, cause } = toCarportError(error, name);
  say({ code, message, cause: String(cause) });
}
await adapter.close();
say({ ms: Math.round(performance.now() - started) });
