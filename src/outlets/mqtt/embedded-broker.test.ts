import { expect, it } from "vitest";
import { openBroker, openWatch } from "../../../test/connected-carport.ts";
import { startEmbeddedBroker } from "./embedded-broker.ts";

it("listens on this machine only, on a free port", async () => {
  const broker = await openBroker();
  expect(broker.host).toBe("127.0.0.1");
  const watch = await openWatch(broker);
  await watch.say("a/b", "1", true);
  await watch.untilStanding("a/b", "1");
});

it("says so when the port is taken", async () => {
  const { port } = await openBroker();
  await expect(startEmbeddedBroker(port)).rejects.toMatchObject({ code: "MQTT_PORT_TAKEN" });
});

it("closes with clients connected, twice if need be, and leaves its port to the next", async () => {
  const broker = await startEmbeddedBroker();
  await openWatch(broker);
  await Promise.all([broker.close(), broker.close()]);
  await openBroker(broker.port);
});
