import { describe, expect, it } from "vitest";
import { didYouMean } from "./did-you-mean.ts";

describe("didYouMean", () => {
  it("finds the name with two letters swapped, one missing, one too many or one wrong", () => {
    const names = ["CARPORT_MQTT_HOST", "CARPORT_MQTT_PORT", "CARPORT_HTTP_HOST"];
    expect(didYouMean("CARPORT_MQTT_HSOT", names)).toBe("CARPORT_MQTT_HOST");
    expect(didYouMean("CARPORT_MQT_PORT", names)).toBe("CARPORT_MQTT_PORT");
    expect(didYouMean("CARPORT_HTTPS_HOST", names)).toBe("CARPORT_HTTP_HOST");
    expect(didYouMean("cheak", ["run", "check", "decode"])).toBe("check");
  });

  it("overlooks case and separators", () => {
    expect(didYouMean("leafCan", ["gps-receiver", "leaf-can"])).toBe("leaf-can");
  });

  it("says nothing rather than something unrelated", () => {
    expect(didYouMean("fly", ["run", "check", "decode"])).toBeUndefined();
    expect(didYouMean("", ["run"])).toBeUndefined();
    expect(didYouMean("x".repeat(10_000), ["run"])).toBeUndefined();
  });
});
