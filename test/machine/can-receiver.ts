/**
 * `node test/machine/can-receiver.ts INTERFACE COUNT [stall|exit|throw]`, in the test machine: receives until COUNT
 * frames have come or been dropped, or the interface is lost, and prints what it saw as JSON. `stall` keeps the main
 * thread busy for 200 ms of every second; `exit` and `throw` end the process with the socket open.
 */
import { toCarportError } from "#domain/error.ts";
import { openSocketCan } from "../../src/transports/socketcan.ts";

const [name = "vcan0", count = "1", how] = process.argv.slice(2);

function stall(): void {
  const end = performance.now() + 200;
  while (performance.now() < end);
}

async function receive(): Promise<object> {
  const bus = await openSocketCan({ interface: name, send: false });
  console.log("listening");
  if (how === "stall") setInterval(stall, 1000).unref();
  let received = 0;
  let outOfOrder = 0;
  let last = -1;
  let types: Record<string, number> = {};
  try {
    for await (const batch of bus.frames) {
      for (const { data, type } of batch) {
        const number = data.length < 4 ? last + 1 : new DataView(data.buffer, data.byteOffset).getUint32(0);
        if (type === "data" && number <= last) outOfOrder++;
        last = number;
        types = { ...types, [type]: (types[type] ?? 0) + 1 };
      }
      received += batch.length;
      if (received + bus.counters.dropped < Number(count)) continue;
      if (how === "exit") process.exit(7);
      if (how === "throw") setImmediate(() => failOnPurpose());
      else break;
    }
    return { received, outOfOrder, types, counters: bus.counters };
  } catch (error) {
    return { received, lost: toCarportError(error, name).code };
  }
}

function failOnPurpose(): never {
  throw new Error("on purpose");
}

console.log(JSON.stringify(await receive().catch((error) => ({ refused: toCarportError(error, name).code }))));
