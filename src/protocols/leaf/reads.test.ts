import fc from "fast-check";
import { expect, test } from "vitest";
import { type DiagnosticRead, type EcuName, ecuNames, listedReads, ReadGate } from "./reads.ts";

/** Written out once more on purpose: nothing else may ever leave. */
const everythingThatMayLeave = [
  "79b#0221010000000000",
  "79b#0221020000000000",
  "79b#0221040000000000",
  "79b#0221060000000000",
  "79b#0221610000000000",
  "797#0322110300000000",
  "743#03220e0100000000",
  "743#03220e2500000000",
  "743#03220e2600000000",
  "743#03220e2700000000",
  "743#03220e2800000000",
  "79b#30000a0000000000",
  "797#30000a0000000000",
  "743#30000a0000000000",
];

function gate() {
  const left: string[] = [];
  const readGate = new ReadGate(({ id, extended, data }) => {
    expect(extended).toBe(false);
    left.push(`${id.toString(16)}#${Buffer.from(data).toString("hex")}`);
    data.fill(0xff);
  });
  return { left, readGate };
}

test("the listed reads and their flow control leave as they are written down, every time", () => {
  for (let round = 0; round < 2; round++) {
    const { left, readGate } = gate();
    for (const read of listedReads) readGate.ask(read);
    for (const ecu of ecuNames) readGate.continue(ecu);
    expect(left).toEqual(everythingThatMayLeave);
  }
});

test("no other request can leave, whoever makes one up", () => {
  const made = fc.record<DiagnosticRead>({
    ecu: fc.constantFrom<EcuName>(...ecuNames),
    request: fc.oneof(
      fc.array(fc.nat(255), { maxLength: 7 }),
      fc.constantFrom(
        [0x14, 0xff, 0xff, 0xff],
        [0x04],
        [0x31, 3, 0],
        [0x10, 0xc0],
        [0x2e, 1, 2, 3],
        [0x21],
        [0x21, 1, 0],
      ),
    ),
  });
  fc.assert(
    fc.property(made, (read) => {
      const { left, readGate } = gate();
      try {
        readGate.ask(read);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
      for (const text of left) expect(everythingThatMayLeave).toContain(text);
    }),
    { numRuns: 500 },
  );
});
