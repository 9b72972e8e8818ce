import { expect, onTestFinished, test } from "vitest";
import { BrokerWatch } from "../test/broker-watch.ts";
import { HastyClock } from "../test/hasty-clock.ts";
import { freePort } from "../test/setup/free-port.ts";
import { Supervisor, supervisorToken } from "../test/supervisor.ts";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { startCarport } from "./carport.ts";
import { startEmbeddedBroker } from "./outlets/mqtt/embedded-broker.ts";

test("as an app, Carport uses the broker, moves with it, and takes over the time zone", async () => {
  const zone = process.env["TZ"];
  onTestFinished(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });
  using folder = temporaryFolder();
  await using supervisor = await Supervisor.open();
  supervisor.timeZone = "Pacific/Chatham";
  const first = await startEmbeddedBroker();
  supervisor.mqtt = { host: first.host, port: first.port, username: "addons", password: "first-secret" };
  const lines: string[] = [];
  const carport = await startCarport({
    data: folder.path,
    env: { SUPERVISOR_TOKEN: supervisorToken, CARPORT_HTTP_PORT: String(await freePort()), CARPORT_LOG_LEVEL: "debug" },
    write: (line) => void lines.push(line),
    signal: new AbortController().signal,
    clock: new HastyClock(40),
    supervisor: supervisor.url,
  });
  const watchFirst = await BrokerWatch.open(first);
  await watchFirst.untilStanding("carport/status", "online");
  await expect.poll(() => process.env["TZ"]).toBe("Pacific/Chatham");
  await watchFirst.close();
  await first.close();

  const second = await startEmbeddedBroker();
  supervisor.mqtt = { host: second.host, port: second.port, username: "addons", password: "second-secret" };
  const watchSecond = await BrokerWatch.open(second);
  await watchSecond.untilStanding("carport/status", "online");
  await carport.stop();
  await watchSecond.close();
  await second.close();
  expect(lines.join("")).not.toMatch(/first-secret|second-secret|supervisor-token/);
});
