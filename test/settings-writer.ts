// Adds devices to the settings in a folder, as fast as it can, and prints how many there are, until it is killed.
import { z } from "zod";
import type { DeviceKind } from "#devices/device-kind.ts";
import { isDeviceId } from "#domain/ids.ts";
import { Settings } from "#hub/settings/settings.ts";
import { systemClock } from "#hub/system-clock.ts";
import { KeptLog } from "./kept-log.ts";

const probe: DeviceKind = { kind: "can-probe", title: "Probe", settings: z.strictObject({}), async *open() {} };
const settings = new Settings({
  folder: process.argv[2] ?? "",
  env: {},
  kinds: new Map([[probe.kind, probe]]),
  clock: systemClock,
  log: new KeptLog(),
});
await settings.load();
for (let n = settings.devices.length + 1; ; n++) {
  const id = `probe-${n}`;
  if (!isDeviceId(id)) throw new TypeError(id);
  await settings.edit(({ vehicles, devices }) => ({
    vehicles,
    devices: { ...devices, devices: [...devices.devices, { id, kind: probe.kind, name: id }] },
  }));
  console.log(settings.devices.length);
}
