import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deliveredFrames, interfaceProblem, overrunFrames } from "./can-interface.ts";
import { LossMeter } from "./can-losses.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carport-sys-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function kernelShows(files: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${content}\n`);
  }
}
const can0 = (files: Readonly<Record<string, string | number>>) =>
  kernelShows(Object.fromEntries(Object.entries(files).map(([name, value]) => [`class/net/can0/${name}`, value])));

const PROTOCOLS = "protocol  size sockets  memory press maxhdr\nCAN_RAW   1024      0      -1   NI       0   no\n";

test("an interface that is up is no problem", async () => {
  await can0({ type: 280, flags: "0x40081" });
  expect(interfaceProblem("can0", folder, folder)).toBeUndefined();
});

test("each thing that can be wrong has its code", async () => {
  expect(interfaceProblem("can0", folder, folder)).toBe("CAN_NOT_SUPPORTED");
  await kernelShows({ "net/protocols": PROTOCOLS });
  expect(interfaceProblem("can0", folder, folder)).toBe("CAN_INTERFACE_MISSING");
  await can0({ type: 1, flags: "0x1003" });
  expect(interfaceProblem("can0", folder, folder)).toBe("CAN_INTERFACE_NOT_CAN");
  await can0({ type: 280, flags: "0x40080" });
  expect(interfaceProblem("can0", folder, folder)).toBe("CAN_INTERFACE_DOWN");
});

test("an adapter counts what it sends apart from what it receives, vcan counts it as both", async () => {
  await can0({ "statistics/rx_packets": 100, "statistics/tx_packets": 7 });
  expect(deliveredFrames("can0", folder)).toBe(100);
  await can0({ "device/uevent": "DRIVER=gs_usb" });
  expect(deliveredFrames("can0", folder)).toBe(107);
});

test("where the kernel shows no totals, nothing is made up", () => {
  expect(deliveredFrames("can0", folder)).toBeUndefined();
  expect(overrunFrames("can0", folder)).toBe(0);
  const losses = new LossMeter("can0", folder);
  losses.look();
  expect([losses.settle(5, 0), losses.total]).toEqual([false, 0]);
});

describe("losses", () => {
  const totals = (delivered: number, overrun = 0) =>
    can0({ "statistics/rx_packets": delivered, "statistics/tx_packets": 0, "statistics/rx_over_errors": overrun });

  test("are what was delivered since the socket was opened and neither received nor sent", async () => {
    await totals(1000);
    const losses = new LossMeter("can0", folder);
    await totals(1100);
    losses.look();
    expect(losses.settle(80, 5)).toBe(true);
    expect(losses.total).toBe(15);
  });

  test("never shrink when frames come between look and count", async () => {
    await totals(0);
    const losses = new LossMeter("can0", folder);
    await totals(100);
    losses.look();
    losses.settle(90, 0);
    await totals(200);
    losses.look();
    expect(losses.settle(250, 0)).toBe(false);
    expect(losses.total).toBe(10);
  });

  test("include those that the adapter had no room for", async () => {
    await totals(0, 3);
    const losses = new LossMeter("can0", folder);
    await totals(0, 5);
    losses.look();
    expect(losses.total).toBe(2);
  });
});
