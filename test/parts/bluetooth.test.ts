import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Machine, type Task } from "../machine/machine.ts";
import { machine as machinePart } from "../machine/part.ts";
import { describeWith } from "../setup/describe-with.ts";
import { bluetooth } from "../setup/real-part.ts";

const BM6 = "00:AA:01:01:00:01";
const reading = { voltage: 12.84, temperature: 7, stateOfCharge: 93 };
const advert = {
  name: "BM6",
  reading: { type: "reading", reading: { model: "BM6", voltage: 12.84, stateOfCharge: 93 } },
};

describeWith([machinePart, bluetooth], "a simulated BM6 on a real radio", () => {
  let machine: Machine;
  let daemon: Task;
  let monitor: Task;

  async function startDaemon(): Promise<void> {
    daemon = machine.start("exec /usr/libexec/bluetooth/bluetoothd -n -f /tmp/bluetooth.conf");
    await machine.run("until [ $(hciconfig | grep -c 'UP RUNNING') = 2 ]; do sleep 0.1; done");
  }

  async function startMonitor(mode = ""): Promise<void> {
    monitor = machine.start(`exec node test/machine/bluetooth-monitor.ts hci1 ${mode}`);
    await monitor.says(/advertising/);
  }

  /** What the reader printed, line by line, without the last one, which is its time. */
  const lines = (stdout: string): unknown[] =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((line) => !("ms" in line));
  const reader = (way: string, what: string) => `node test/machine/bluetooth-reader.ts ${way} ${BM6} ${what}`;
  const read = async (way: string, what: string) => lines(await machine.run(reader(way, what)));

  beforeAll(async () => {
    machine = await Machine.boot();
    await machine.run("test/machine/bluetooth-bus.sh && test/machine/bluetooth-controllers.sh");
    await startDaemon();
    await startMonitor();
  });
  afterAll(() => machine?.[Symbol.asyncDispose]());

  describe.each(["bluez:hci0", "hci:0"])("by %s", (way) => {
    test("its adverts are heard and understood, with no connection", async () => {
      expect(await read(way, "scan")).toEqual([{ ...advert, source: "hci0", connectable: true }]);
    });

    test("it is connected to and read", async () => {
      expect(await read(way, "read")).toMatchObject([{ reading, model: "BM6" }]);
    });

    test("its history is read to the end", async () => {
      const [, history] = await read(way, "history");
      expect(history).toMatchObject({ records: 512, complete: true, newest: { voltage: 12.84 } });
    });
  });

  test("who listens hears on after bluetoothd was restarted", async () => {
    const watcher = machine.start(`exec ${reader("bluez:hci0", "watch")}`);
    await watcher.says(/BM6/);
    await daemon.stop();
    const before = watcher.stdout().length;
    await startDaemon();
    await startMonitor();
    await watcher.says(new RegExp(`^[^]{${before}}[^]*BM6`));
    await watcher.stop("KILL");
  });

  test("without bluetoothd, and without a bus, the next step is to start it", async () => {
    await daemon.stop();
    expect(await read("bluez", "scan")).toMatchObject([{ code: "BLUEZ_MISSING" }]);
    await machine.run("rm /run/dbus/system_bus_socket");
    expect(await read("bluez", "read")).toMatchObject([{ code: "BLUEZ_MISSING" }]);
  });
});
