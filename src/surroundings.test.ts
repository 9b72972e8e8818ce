import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Supervisor, supervisorToken } from "../test/supervisor.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { lookAround } from "./surroundings.ts";

const { signal } = new AbortController();

function machine(root: string) {
  const places = { dev: join(root, "dev"), sys: join(root, "sys"), run: join(root, "run") };
  const add = (path: string, text = "") => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return { places, add };
}

test("within Home Assistant, what it offers is there to begin with, without the password", async () => {
  using folder = temporaryFolder();
  await using supervisor = await Supervisor.open();
  supervisor.mqtt = { host: "core-mosquitto", port: 1883, username: "addons", password: "hunter2" };
  const { places, add } = machine(folder.path);
  add("dev/serial/by-id/usb-ScanTool.net_LLC_OBDLink_SX_1158-if00-port0");
  add("sys/class/net/can-x/type", "280");
  add("sys/class/net/can-x/flags", "0x40080");
  add("sys/class/bluetooth/hci0/type");
  add("run/dbus/system_bus_socket");
  const found = await lookAround({ ...places, supervisor: { url: supervisor.url, token: supervisorToken } }, signal);
  expect(found).toMatchObject({
    homeAssistant: { timeZone: "Europe/Berlin", language: "de" },
    broker: { offered: { host: "core-mosquitto", port: 1883, tls: false }, fault: null },
    serialPorts: [{ name: "ScanTool.net LLC OBDLink SX 1158", uses: [{ use: "obd-adapter", score: 95 }] }],
    canInterfaces: [{ name: "can-x", up: false, fault: { code: "CAN_INTERFACE_DOWN" } }],
    bluetooth: [
      { way: "home-assistant", fault: null },
      { way: "bluez", fault: null },
    ],
  });
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

test("what is not possible has its code and what to do", async () => {
  using folder = temporaryFolder();
  const { places, add } = machine(folder.path);
  const alone = await lookAround({ ...places, supervisor: undefined }, signal);
  expect(alone).toMatchObject({ homeAssistant: null, broker: { offered: null }, serialPorts: [], canInterfaces: [] });
  const codes = (found: typeof alone) => [found.broker.fault?.code, ...found.bluetooth.map((way) => way.fault?.code)];
  expect(codes(alone)).toEqual(["NOT_IN_HOME_ASSISTANT", "NOT_IN_HOME_ASSISTANT", "BLUEZ_MISSING"]);

  add("run/dbus/system_bus_socket");
  await using supervisor = await Supervisor.open();
  supervisor.components = [];
  const access = { url: supervisor.url, token: supervisorToken };
  const bare = await lookAround({ ...places, supervisor: access }, signal);
  expect(codes(bare)).toEqual(["BROKER_NOT_OFFERED", "HOME_ASSISTANT_BLUETOOTH_MISSING", "BLE_ADAPTER_MISSING"]);
  supervisor.coreAway = true;
  const starting = await lookAround({ ...places, supervisor: access }, signal);
  expect(codes(starting)[1]).toBe("HOME_ASSISTANT_AWAY");
});
