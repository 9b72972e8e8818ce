import { expect, test } from "vitest";
import { ManualClock } from "../../../../test/manual-clock.ts";
import { retried } from "./retried.ts";
import { DbusError } from "./system-bus.ts";

const never = new AbortController().signal;
const refusing = (times: number, type: string, text = "") => {
  let left = times;
  return async () => {
    if (left-- > 0) throw new DbusError(type, text);
  };
};

test.each([
  ["org.bluez.Error.InProgress", ""],
  ["org.bluez.Error.Failed", "le-connection-abort-by-local"],
])("BlueZ that is busy is asked again: %s %s", async (type, text) => {
  const clock = new ManualClock();
  const done = retried(clock, "hci0", refusing(3, type, text), never);
  await clock.advance(3_000);
  await done;
});

test("BlueZ that stays busy is told as such", async () => {
  const clock = new ManualClock();
  const call = refusing(100, "org.bluez.Error.InProgress");
  const failed = expect(retried(clock, "hci0", call, never)).rejects.toMatchObject({ code: "BLE_ADAPTER_BUSY" });
  await clock.advance(10_000);
  await failed;
});

test.each([
  ["org.bluez.Error.NotReady", { code: "BLE_ADAPTER_OFF" }],
  ["org.bluez.Error.Failed", { type: "org.bluez.Error.Failed" }],
])("%s is not asked again", async (type, expected) => {
  await expect(retried(new ManualClock(), "hci0", refusing(1, type), never)).rejects.toMatchObject(expected);
});

test("what is connected already is connected", async () => {
  await retried(new ManualClock(), "hci0", refusing(1, "org.bluez.Error.AlreadyConnected"), never);
});
