/**
 * `node test/machine/isotp-peer.ts send|receive BYTES`, in the test machine: speaks ISO-TP over vcan0 as a tester (sends
 * with id 7E0, hears 7E8), and prints the message in hexadecimal as isotprecv would. `send` sends 00 01 02 …
 */
import { systemClock } from "#hub/system-clock.ts";
import { IsoTpReceiver } from "#protocols/isotp/receiver.ts";
import { IsoTpSender } from "#protocols/isotp/sender.ts";
import { openSocketCan } from "../../src/transports/socketcan.ts";

const [direction, bytes] = process.argv.slice(2);
const bus = await openSocketCan({ interface: "vcan0", send: true });
const send = (data: Uint8Array) => bus.send?.({ id: 0x7e0, extended: false, data });
const frames = (async function* () {
  for await (const batch of bus.frames) for (const frame of batch) if (frame.id === 0x7e8) yield frame;
})();
console.log("ready");

if (direction === "send") {
  const sender = new IsoTpSender();
  sender.start(
    Uint8Array.from({ length: Number(bytes) }, (_, i) => i & 0xff),
    systemClock.monotonic(),
  );
  const listening = (async () => {
    for await (const { data } of frames) sender.accept(data, systemClock.monotonic());
  })();
  while (sender.state === "sending" || sender.state === "waiting") {
    const data = sender.next(systemClock.monotonic());
    if (data !== undefined) send(data);
    await systemClock.sleep(Math.max(1, (sender.dueAt ?? 0) - systemClock.monotonic()));
  }
  console.log(sender.state);
  await bus.close();
  await listening;
} else {
  const receiver = new IsoTpReceiver({ blockSize: 8 });
  for await (const { data } of frames) {
    const message = receiver.accept(data, systemClock.monotonic());
    const flowControl = receiver.takeFlowControl();
    if (flowControl !== undefined) send(flowControl);
    if (message === undefined) continue;
    console.log(Buffer.from(message).toString("hex"));
    break;
  }
  await bus.close();
}
