import fc from "fast-check";
import { expect, test } from "vitest";
import { GenerationRecogniser } from "./generation.ts";

/** Frames as `id` or `id:length`, each as often as given. */
function recognised(...frames: readonly (readonly [id: number, length: number, times: number])[]) {
  const recogniser = new GenerationRecogniser();
  for (const [id, length, times] of frames) for (let i = 0; i < times; i++) recogniser.observe(id, length);
  return recogniser.generation;
}

test("a car without tell-tale frames stays unknown", () => {
  expect(recognised([0x1db, 8, 10_000], [0x55b, 8, 1000], [0x284, 8, 1000])).toBeUndefined();
});

test("an AZE0 that sends 5EB on its CAR-CAN is no ZE1", () => {
  expect(recognised([0x5eb, 8, 50], [0x390, 8, 100], [0x59e, 8, 20])).toBe("aze0");
});

test("a battery alone is recognised by its capacity frame", () => {
  expect(recognised([0x1db, 8, 200], [0x59e, 8, 2])).toBe("aze0");
  expect(recognised([0x59e, 8, 1], [0x1c2, 1, 50], [0x59e, 8, 1])).toBe("ze1");
});

test("a ZE1 that charges quickly and then sends the ZE0 charger's ids stays a ZE1", () => {
  expect(recognised([0x1c2, 1, 300], [0x390, 8, 30], [0x380, 8, 30], [0x5bf, 8, 30])).toBe("ze1");
});

test("the length of 50A alone tells an old CAR-CAN from a newer one", () => {
  expect(recognised([0x50a, 6, 20])).toBe("ze0");
  expect(recognised([0x50a, 8, 20])).toBe("aze0");
});

test("a ZE1 whose other frames wake first is put right soon", () => {
  expect(recognised([0x390, 8, 10])).toBe("aze0");
  expect(recognised([0x390, 8, 10], [0x1ed, 3, 300])).toBe("ze1");
});

test("stray frames of other cars never change a verdict", () => {
  const strays = fc.array(fc.constantFrom(0x1ed, 0x1c2, 0x380, 0x5bf, 0x108), { maxLength: 15 });
  fc.assert(
    fc.property(strays, (ids) => {
      const recogniser = new GenerationRecogniser();
      const hear = (id: number, times: number) => {
        for (let i = 0; i < times; i++) recogniser.observe(id, 8);
      };
      hear(0x390, 100);
      for (const id of ids) hear(id, 1);
      hear(0x390, 200);
      expect(recogniser.generation).toBe("aze0");
    }),
  );
});
