import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openSocketCan } from "./socketcan.ts";

const open = (name: string) => openSocketCan({ interface: name, send: false });

test.each(["", ".", "..", "../../etc", "a b", "0123456789abcdef"])("%j cannot be an interface", async (name) => {
  await expect(open(name)).rejects.toMatchObject({ code: "CAN_INTERFACE_MISSING" });
});

// With SocketCAN: test/parts/socketcan-transport.test.ts.
describe.skipIf(/^CAN_RAW\b/m.test(readFileSync("/proc/net/protocols", "utf8")))("where the kernel has no CAN", () => {
  test("an interface is refused with what to do", async () => {
    await expect(open("can0")).rejects.toMatchObject({
      code: "CAN_NOT_SUPPORTED",
      nextStep: expect.stringContaining("modprobe can-raw"),
    });
  });

  test("a network interface of another kind is told from a CAN bus", async () => {
    await expect(open("lo")).rejects.toMatchObject({ code: "CAN_INTERFACE_NOT_CAN" });
  });
});
