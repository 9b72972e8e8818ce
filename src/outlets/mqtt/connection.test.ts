import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually, openBroker, openCarport, openWatch, socTopic } from "../../../test/connected-carport.ts";
import { can0, household, samples, soc } from "../../../test/household.ts";
import { KeptLog } from "../../../test/kept-log.ts";
import { ManualClock } from "../../../test/manual-clock.ts";
import { settingsFor } from "../../../test/mqtt-settings.ts";
import { openOlderBroker } from "../../../test/older-broker.ts";
import { passOn, TcpServer } from "../../../test/tcp-server.ts";
import type { Mqtt } from "./mqtt.ts";

const MINUTE = 60_000;

async function server(serve: (socket: Socket) => void): Promise<TcpServer> {
  const opened = await TcpServer.open(serve);
  onTestFinished(() => opened.close());
  return opened;
}

/** Answers CONNECT with a CONNACK of this return code (MQTT 3.1.1, 3.2.2.3) and closes. */
const refusing = (code: number) => (socket: Socket) => {
  socket.once("data", () => socket.end(Buffer.from([0x20, 0x02, 0x00, code])));
};

const fault = (mqtt: Mqtt, code: string) => eventually(() => mqtt.status().fault).toBe(code);

describe("a broker that refuses", () => {
  it("user and password is asked again only after five minutes, or when they are changed", async () => {
    const at = await server(refusing(5));
    const clock = new ManualClock();
    const garage = household();
    const secret = { username: "leaf", password: "wrong-horse" };
    const log = new KeptLog();
    const mqtt = openCarport({ garage, settings: settingsFor(at, secret), clock, log });
    await fault(mqtt, "MQTT_AUTH_REFUSED");
    for (let minute = 0; minute < 11; minute++) {
      garage.publish(can0, samples(clock.now(), [soc, minute]));
      await clock.advance(MINUTE);
      await eventually(() => mqtt.status().state).toBe("waiting");
    }
    expect(at.accepted).toBe(3);
    expect(log.lines.filter((line) => line.includes("MQTT_AUTH_REFUSED"))).toHaveLength(1);
    expect(log.lines.join("\n")).not.toContain(secret.password);
    mqtt.apply(settingsFor(at, { ...secret, password: "right" }));
    await eventually(() => at.accepted).toBe(4);
  });

  it("those whom it has accepted before is not believed at once", async () => {
    const broker = await openBroker();
    let refuses = false;
    const at = await server((socket) => (refuses ? refusing(5)(socket) : passOn(socket, broker)));
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await eventually(() => mqtt.status().state).toBe("connected");
    refuses = true;
    at.cut();
    await fault(mqtt, "MQTT_AUTH_REFUSED");
    refuses = false;
    await eventually(() => mqtt.status().state).toBe("connected");
  });

  it("for its own reasons is asked again soon", async () => {
    const at = await server(refusing(3));
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await fault(mqtt, "MQTT_REFUSED");
    await eventually(() => at.accepted).toBeGreaterThan(2);
  });

  it("both versions of MQTT is named so", async () => {
    const at = await server(refusing(1));
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await fault(mqtt, "MQTT_VERSION_REFUSED");
  });
});

it("remembers that a broker hangs up on MQTT 5", async () => {
  const { server: at, versions } = await openOlderBroker(await openBroker());
  onTestFinished(() => at.close());
  const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
  await eventually(() => mqtt.status()).toMatchObject({ state: "connected", protocol: "3.1.1" });
  at.cut();
  await eventually(() => versions).toEqual([5, 4, 4]);
});

describe("what cannot work says why", () => {
  it.each([
    ["a name that nobody knows", { host: "broker.invalid" }, "MQTT_UNKNOWN_HOST"],
    ["TLS to a port without it", { tls: true }, "MQTT_TLS_FAILED"],
  ])("%s", async (_, change, code) => {
    const at = await openBroker();
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at, change) });
    await fault(mqtt, code);
    expect(mqtt.status()).toMatchObject({ nextStep: expect.stringMatching(/\S/) });
  });

  it("a port where a web page listens", async () => {
    const at = await server((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await fault(mqtt, "MQTT_PROTOCOL_ERROR");
  });

  it("a port where somebody hangs up", async () => {
    const at = await server((socket) => socket.end());
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await fault(mqtt, "MQTT_NO_GREETING");
  });
});

it("stops at once while a broker keeps it waiting for an answer", async () => {
  const at = await server(() => undefined);
  const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
  await eventually(() => at.accepted).toBe(1);
  await mqtt.stop();
});

it("stops at once when the broker goes in the middle of the first words", async () => {
  const broker = await openBroker();
  const mqtt = openCarport({ garage: household(), settings: settingsFor(broker), clock: new ManualClock() });
  await eventually(() => mqtt.status().state).toBe("connected");
  await broker.close();
  await mqtt.stop();
});

it("ends when its signal fires", async () => {
  const broker = await openBroker();
  const watch = await openWatch(broker);
  const stop = new AbortController();
  openCarport({ garage: household(), settings: settingsFor(broker), signal: stop.signal });
  await watch.untilStanding("carport/status", "online");
  stop.abort();
  await watch.untilStanding("carport/status", "offline");
});

it("comes through ten minutes without a broker at 1,000 values a second with the last value and few attempts", async () => {
  const free = await server(() => undefined);
  const { host, port } = free;
  await free.close();
  const clock = new ManualClock();
  const garage = household([soc]);
  const mqtt = openCarport({ garage, settings: settingsFor({ host, port }), clock });
  await fault(mqtt, "MQTT_UNREACHABLE");
  const second = Array.from({ length: 1000 }, (_, at) => [soc, at] as const);
  for (let at = 0; at < 600; at++) {
    garage.publish(can0, samples(clock.now(), ...second));
    await clock.advance(1000);
  }
  expect(mqtt.status()).toMatchObject({ sent: 0, dropped: 0 });
  garage.publish(can0, samples(clock.now(), [soc, 12.3]));
  const watch = await openWatch(await openBroker(port));
  while (watch.standing.get("carport/status") !== "online") await clock.advance(1000);
  expect(watch.heard.filter(({ topic }) => topic === socTopic).map(({ payload }) => payload)).toEqual(["12.3"]);
});
