/**
 * `node test/machine/bluetooth-monitor.ts ADAPTER [half]`, in the test machine: a simulated BM6 as a real Bluetooth LE
 * peripheral, by BlueZ. With `half` it falls silent in the middle of a history answer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { interface as dbusInterface, systemBus, Variant } from "dbus-next";
import { systemClock } from "#hub/system-clock.ts";
import { BatteryMonitor } from "../../src/simulators/battery-monitor/battery-monitor.ts";
import { command } from "../setup/command.ts";

const [adapterName = "hci1", mode] = process.argv.slice(2);
const HALF = 20;
const root = "/monitor";
const { Interface } = dbusInterface;

interface Member {
  readonly in?: string;
  readonly out?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what BlueZ passes, by the signature
  readonly call: (...args: any[]) => unknown;
}

/** An object on the bus, from plain data. */
function object(name: string, properties: Record<string, Variant>, methods: Record<string, Member>) {
  class Exported extends Interface {
    constructor() {
      super(name);
      for (const [key, { value }] of Object.entries(properties)) Reflect.set(this, key, value);
    }
  }
  for (const [key, { call }] of Object.entries(methods)) Reflect.set(Exported.prototype, key, call);
  Exported.configureMembers({
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, { signature }]) => [key, { signature, access: "read" as const }]),
    ),
    methods: Object.fromEntries(
      Object.entries(methods).map(([key, member]) => [
        key,
        { inSignature: member.in ?? "", outSignature: member.out ?? "" },
      ]),
    ),
  });
  return new Exported();
}

const bus = systemBus();
const adapter = await bus.getProxyObject("org.bluez", `/org/bluez/${adapterName}`);
const settings = adapter.getInterface("org.freedesktop.DBus.Properties");
const address: Variant<string> = await settings["Get"]?.("org.bluez.Adapter1", "Address");

const monitor = new BatteryMonitor({
  model: "BM6",
  address: address.value,
  clock: systemClock,
  battery: () => ({ voltage: 12.84, temperature: 7, stateOfCharge: 93, charging: false }),
});

const service = { UUID: new Variant("s", "fff0"), Primary: new Variant("b", true) };
const notifying = {
  UUID: new Variant("s", "fff4"),
  Service: new Variant("o", `${root}/s0`),
  Flags: new Variant("as", ["notify"]),
  Value: new Variant("ay", Buffer.alloc(0)),
};
const writable = {
  UUID: new Variant("s", "fff3"),
  Service: new Variant("o", `${root}/s0`),
  Flags: new Variant("as", ["write"]),
};
const GATT = "org.bluez.GattCharacteristic1";
const nothing: Member = { call: () => undefined };
const notify = object(GATT, notifying, { StartNotify: nothing, StopNotify: nothing });

async function answer(command: Uint8Array): Promise<void> {
  const notifications = monitor.write(command);
  for (const [index, notification] of notifications.entries()) {
    Interface.emitPropertiesChanged(notify, { Value: Buffer.from(notification) }, []);
    if (mode === "half" && index === HALF) {
      console.log("half");
      return;
    }
    // As many as a link with an interval of 15 ms carries.
    await sleep(15);
  }
}

const exported = {
  [`${root}/s0`]: { name: "org.bluez.GattService1", properties: service },
  [`${root}/s0/c0`]: { name: GATT, properties: writable },
  [`${root}/s0/c1`]: { name: GATT, properties: notifying },
};
bus.export(
  root,
  object(
    "org.freedesktop.DBus.ObjectManager",
    {},
    {
      GetManagedObjects: {
        out: "a{oa{sa{sv}}}",
        call: () =>
          Object.fromEntries(
            Object.entries(exported).map(([path, { name, properties }]) => [path, { [name]: properties }]),
          ),
      },
    },
  ),
);
bus.export(`${root}/s0`, object("org.bluez.GattService1", service, {}));
const write: Member = { in: "aya{sv}", call: (value: Buffer) => void answer(new Uint8Array(value)) };
bus.export(`${root}/s0/c0`, object(GATT, writable, { WriteValue: write }));
bus.export(`${root}/s0/c1`, notify);
await settings["Set"]?.("org.bluez.Adapter1", "Powered", new Variant("b", true));
await adapter.getInterface("org.bluez.GattManager1")["RegisterApplication"]?.(root, {});
const record = monitor.manufacturerRecord();
if (record === undefined) throw new Error("this model has no advert");
const company = Buffer.from([record.company & 0xff, record.company >> 8]).toString("hex");
const advert = `11ff${company}${Buffer.from(record.data).toString("hex")}`;
const name = `${(monitor.name.length + 1).toString(16).padStart(2, "0")}09${Buffer.from(monitor.name).toString("hex")}`;
// Not over D-Bus: dbus-next cannot send a dictionary with numbers for keys. btmgmt answers on a terminal only.
const tool = `btmgmt --index ${adapterName.slice(3)} add-adv -c -g -d ${advert} -s ${name} 1`;
await command("script", ["-qec", tool, "/dev/null"]);
console.log(`advertising ${address.value}`);
