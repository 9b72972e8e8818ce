import { expect, test } from "vitest";
import { deviceKinds } from "#devices/index.ts";
import { demoSettings } from "./demo-garage.ts";

test("every device of the demo garage is of a kind there is, with settings it takes", () => {
  for (const { kind, settings } of demoSettings["devices.json"].devices) {
    const found = deviceKinds.find((each) => each.kind === kind);
    expect(found?.settings.safeParse(settings).success, kind).toBe(true);
  }
});
