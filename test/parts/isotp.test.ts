import { afterAll, beforeAll, expect, test } from "vitest";
import { Machine } from "../machine/machine.ts";
import { machine as machinePart } from "../machine/part.ts";
import { describeWith } from "../setup/describe-with.ts";

const hex = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i & 0xff)).toString("hex");

describeWith([machinePart], "on a real SocketCAN", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await Machine.boot();
    await machine.run("ip link add vcan0 type vcan && ip link set vcan0 up");
  });
  afterAll(() => machine?.[Symbol.asyncDispose]());

  test.each([6, 8, 300, 4095])("a message of %i bytes reaches the kernel's own ISO-TP", async (bytes) => {
    // The kernel asks for pauses after blocks of 8 frames.
    const receiver = machine.start("isotprecv -s 7e8 -d 7e0 -b 8 vcan0");
    await machine.run("until grep -qi 7e0 /proc/net/can/rcvlist_sff; do sleep 0.1; done");
    const sent = await machine.run(`node test/machine/isotp-peer.ts send ${bytes}`);
    expect(sent).toContain("done");
    const { stdout } = await receiver.ended;
    expect(stdout.replaceAll(/\s/g, "").toLowerCase()).toBe(hex(bytes));
  });

  test("a message of the kernel's own ISO-TP arrives whole, block by block", async () => {
    const receiver = machine.start("node test/machine/isotp-peer.ts receive");
    await receiver.says(/ready/);
    await machine.run(`echo ${hex(300).replaceAll(/(..)/g, "$1 ")} | isotpsend -b -s 7e8 -d 7e0 vcan0`);
    const { stdout } = await receiver.ended;
    expect(stdout.trim().split("\n").at(-1)).toBe(hex(300));
  });
});
