import { expect, it } from "vitest";
import { openBroker, openWatch } from "../../../test/connected-carport.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";
import { openLink } from "./link.ts";
import type { Message } from "./topics.ts";

const message: Message = { topic: "carport/status", payload: "online", qos: 1 };

async function opened() {
  const broker = await openBroker();
  const heard: [string, string, boolean][] = [];
  const link = await openLink({
    settings: settingsFor(broker),
    protocol: 4,
    clientId: "carport-000000000000",
    will: { ...message, payload: "offline" },
    receive: (topic, payload, retained) => heard.push([topic, payload.toString(), retained]),
    signal: new AbortController().signal,
  });
  return { broker, link, heard };
}

it("tells what was retained from what is said now", async () => {
  const { link, heard, broker } = await opened();
  await new Promise<unknown>((resolve) => link.publish(message, resolve));
  await link.subscribe(["carport/#"]);
  const watch = await openWatch(broker);
  await watch.say("carport/x", "now");
  await expect.poll(() => heard, { interval: 5 }).toHaveLength(2);
  expect(heard).toEqual([
    ["carport/status", "online", true],
    ["carport/x", "now", false],
  ]);
  await link.close();
});

it("says nothing of a message that meets a closing link: it may have arrived, and it was not refused", async () => {
  const { link } = await opened();
  const answers: unknown[] = [];
  const closing = link.close();
  for (const qos of [0, 1] as const) link.publish({ ...message, qos }, (error) => answers.push(error));
  await closing;
  for (const qos of [0, 1] as const) link.publish({ ...message, qos }, (error) => answers.push(error));
  expect(answers).toEqual([]);
});

it("answers subscriptions at once when it is closed, which mqtt.js never would", async () => {
  const { link } = await opened();
  await link.close();
  await link.subscribe(["carport/#"]);
  await link.unsubscribe("carport/#");
  expect((await link.closed).code).toBe("MQTT_CONNECTION_LOST");
});
