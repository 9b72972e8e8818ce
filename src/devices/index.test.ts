import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deviceKinds } from "./index.ts";

describe("the kinds of devices", () => {
  it("have names of their own", () => {
    const names = deviceKinds.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it.each(deviceKinds.map((kind) => [kind.kind, kind] as const))(
    "%s describes every setting and refuses others",
    (_, kind) => {
      const { properties = {} } = z.toJSONSchema(kind.settings, { io: "input", unrepresentable: "any" });
      for (const [name, schema] of Object.entries(properties)) expect(schema, name).toHaveProperty("description");
      const { error } = kind.settings.safeParse({ noSuchSetting: 1 });
      expect(error?.issues.map(({ code }) => code)).toContain("unrecognized_keys");
    },
  );
});
