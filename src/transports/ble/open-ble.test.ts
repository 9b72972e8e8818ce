import { expect, test } from "vitest";
import { ManualClock } from "../../../test/manual-clock.ts";
import { openBle } from "./open-ble.ts";
import { virtualAir } from "./virtual-airs.ts";

const clock = new ManualClock();
const address = "50:54:7B:24:30:10";
const peripheral = {
  address,
  advert: () => ({ name: "BM6", manufacturerData: new Map(), serviceUuids: [] }),
  characteristics: [],
  write: () => undefined,
};

test.each(["home-assistant", "bluez", "bluez:hci0", "hci:0", "virtual:any"])(
  "%s touches nothing until it is used",
  async (name) => {
    await openBle(name, { clock }).close();
  },
);

test.each(["", "bluez:eth0", "hci", "hci:x", "home-assistant:1", "virtual", "wifi", "constructor"])(
  "%o is no way to Bluetooth",
  (name) => {
    expect(() => openBle(name, { clock })).toThrow("BLE_ADAPTER_UNKNOWN");
  },
);

test("who names the same air shares it, and its one connection", async () => {
  const remove = virtualAir("shared").place(peripheral);
  const [one, other] = [openBle("virtual:shared", { clock }), openBle("virtual:shared", { clock })];
  const order: string[] = [];
  const use = (name: string) => async () => {
    order.push(`${name} in`);
    await new Promise(setImmediate);
    order.push(`${name} out`);
  };
  const { signal } = new AbortController();
  await Promise.all([one.connected(address, use("one"), signal), other.connected(address, use("other"), signal)]);
  expect(order).toEqual(["one in", "one out", "other in", "other out"]);
  await one.close();
  await other.connected(address, async () => "still open", signal);
  await other.close();
  remove();
});

test("BlueZ without a bus is told with what to do", async () => {
  process.env["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent/bus";
  const adapter = openBle("bluez", { clock });
  await expect(adapter.adverts(new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: "BLUEZ_MISSING",
  });
  await adapter.close();
  delete process.env["DBUS_SYSTEM_BUS_ADDRESS"];
});
