import { describe, expect, it } from "vitest";
import { openBroker, openCarport, openWatch, socTopic } from "../../../test/connected-carport.ts";
import { household } from "../../../test/household.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";

describe("what an earlier run left at the broker", () => {
  it("is cleared where it belongs to nobody, and left where it may be of use", async () => {
    const broker = await openBroker();
    const watch = await openWatch(broker);
    const page = JSON.stringify({ origin: { name: "Carport" }, components: { state: { platform: "sensor" } } });
    const stale = [
      "homeassistant/device/carport_vehicle_old/config",
      "homeassistant/device/carport_device_old/config",
      "carport/device/old/state",
      "carport/device/old/signal/soc",
      "carport/vehicle/old/summary",
    ];
    const others = ["homeassistant/device/zigbee_1/config", "carport/notes", "carport/device/old/notes", "other/x"];
    for (const topic of [...stale, ...others]) await watch.say(topic, topic.startsWith("home") ? page : "x", true);
    await watch.say("carport/device/can0/signal/cell_1", "3.9", true);
    openCarport({ garage: household(), settings: settingsFor(broker) });
    await watch.until(() => stale.every((topic) => !watch.standing.has(topic)));
    for (const topic of others) expect(watch.standing.has(topic), topic).toBe(true);
    expect(watch.standing.get("carport/device/can0/signal/cell_1")).toBe("3.9");
  });

  it("is unknown where the device measured it on another vehicle", async () => {
    const broker = await openBroker();
    const watch = await openWatch(broker);
    await watch.say("carport/device/can0/info", '{"name":"CAN bus","kind":"leaf-can","vehicle":"van"}', true);
    await watch.say(socTopic, "12", true);
    openCarport({ garage: household(), settings: settingsFor(broker) });
    await watch.untilStanding(socTopic, "None");
  });
});
