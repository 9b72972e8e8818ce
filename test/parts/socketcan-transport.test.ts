import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CanFrame } from "#domain/can-frame.ts";
import { dataFrame } from "#protocols/can/frame.ts";
import { candumpLog } from "#protocols/can/logs/candump-log.ts";
import { Machine } from "../machine/machine.ts";
import { machine as machinePart } from "../machine/part.ts";
import { describeWith } from "../setup/describe-with.ts";

const RATE = 2000;
const SECONDS = 5;

/** Numbered frames. */
function recording(): Uint8Array {
  const frames = Array.from({ length: RATE * SECONDS }, (_, i): CanFrame => {
    const data = new Uint8Array(8);
    new DataView(data.buffer).setUint32(0, i);
    return dataFrame(1_700_000_000_000 + (i * 1000) / RATE, 0x100 + (i % 64), false, false, "rx", "can0", data);
  });
  return candumpLog.writer?.().write(frames) ?? new Uint8Array(0);
}

describeWith([machinePart], "the SocketCAN transport on a real kernel", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await Machine.boot();
    await machine.run("modprobe vcan");
    await writeFile(join(machine.folder, "recording.log"), recording());
  });
  afterAll(() => machine?.[Symbol.asyncDispose]());
  beforeEach(() => machine.run("ip link del vcan0 2>/dev/null; ip link add vcan0 type vcan && ip link set vcan0 up"));

  /** Starts a receiver, has `then` run once it listens, and returns what it printed. */
  async function receiving(args: string, then: string): Promise<unknown> {
    const receiver = machine.start(`node test/machine/can-receiver.ts ${args}`);
    await receiver.says(/listening/);
    await machine.run(then);
    const { stdout } = await receiver.ended;
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  }

  describe("with the buffer that docs/socketcan.md advises for slow machines", () => {
    beforeAll(() => machine.run("sysctl -qw net.core.rmem_default=4194304"));
    afterAll(() => machine.run("sysctl -qw net.core.rmem_default=212992"));

    // What 4,000 frames/s come to in the store is shown in leaf-on-socketcan.test.ts. Retried, since a host that gives the
    // machine no time for seconds makes canplayer catch up with a burst that no receiver could take.
    test("a main thread that is busy for 200 ms of every second costs no frame and no order", {
      retry: 2,
    }, async () => {
      const all = RATE * SECONDS;
      const seen = await receiving(`vcan0 ${all} stall`, "canplayer -I /run/machine/recording.log vcan0=can0");
      expect(seen).toMatchObject({ received: all, outOfOrder: 0, counters: { received: all, dropped: 0 } });
    });
  });

  test("of more frames than the socket holds, those that were dropped are counted to the last one", async () => {
    const flood = "for i in 1 2; do cangen vcan0 -g 0 -n 10000 -L 8; done; sleep 4; cangen vcan0 -g 500 -n 20 -L 0";
    const seen = await receiving("vcan0 20000", flood);
    expect(seen).toMatchObject({ counters: { dropped: expect.any(Number) } });
    const { counters } = seen as { counters: { received: number; dropped: number } };
    expect(counters.dropped).toBeGreaterThan(1000);
    expect(counters.received + counters.dropped).toBeGreaterThanOrEqual(20_000);
    expect(counters.received + counters.dropped).toBeLessThanOrEqual(20_020);
  });

  test("error frames are told from others, and a controller that goes off the bus is counted", async () => {
    const seen = await receiving(
      "vcan0 4",
      "cansend vcan0 20000040#0000000000000000; cansend vcan0 20000004#000C000000000000; cansend vcan0 123#R; cansend vcan0 18FF50E5#",
    );
    expect(seen).toMatchObject({
      types: { error: 2, remote: 1, data: 1 },
      counters: { received: 2, errorFrames: 2, busOff: 1 },
    });
  });

  test.each([
    ["nocan0", "true", "CAN_INTERFACE_MISSING"],
    ["lo", "true", "CAN_INTERFACE_NOT_CAN"],
    ["vcan0", "ip link set vcan0 down", "CAN_INTERFACE_DOWN"],
  ])("%s is refused after `%s` with %s", async (name, before, code) => {
    expect(await machine.run(`${before}; node test/machine/can-receiver.ts ${name} 1`)).toContain(
      `{"refused":"${code}"}`,
    );
  });

  test.each([
    ["ip link set vcan0 down", "CAN_INTERFACE_DOWN"],
    ["ip link del vcan0", "CAN_INTERFACE_LOST"],
  ])("`%s` while it is open is told as %s", async (loss, code) => {
    expect(await receiving("vcan0 1000", `cangen vcan0 -g 10 -n 5; ${loss}`)).toEqual({ received: 5, lost: code });
  });

  test.each([
    ["exit", 7],
    ["throw", 1],
  ])("a process that ends by %s with the socket open keeps its exit code", async (how, code) => {
    const receiver = machine.start(`exec node test/machine/can-receiver.ts vcan0 1 ${how}`);
    await receiver.says(/listening/);
    await machine.run("cangen vcan0 -g 10 -n 3");
    expect((await receiver.ended).code).toBe(code);
  });
});
