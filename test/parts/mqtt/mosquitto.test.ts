import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import { openCarport, openWatch } from "../../connected-carport.ts";
import { can0, canDevice, household, leaf, quantity, samples, soc, van } from "../../household.ts";
import { KeptLog } from "../../kept-log.ts";
import { ManualClock } from "../../manual-clock.ts";
import { MemoryGarage } from "../../memory-garage.ts";
import { settingsFor } from "../../mqtt-settings.ts";
import { openOlderBroker } from "../../older-broker.ts";
import { command } from "../../setup/command.ts";
import { describeWith } from "../../setup/describe-with.ts";
import { mosquitto } from "../../setup/real-part.ts";
import { Mosquitto, type MosquittoOptions } from "../mosquitto.ts";

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const leafPage = "homeassistant/device/carport_vehicle_family-leaf/config";
const canPage = "homeassistant/device/carport_device_can0/config";
const socTopic = "carport/device/can0/signal/soc";

async function broker(options?: MosquittoOptions): Promise<Mosquitto> {
  const started = await Mosquitto.start(options);
  onTestFinished(() => started.stop());
  return started;
}

async function connected(garage = household(), options?: MosquittoOptions) {
  const at = await broker(options);
  const watch = await openWatch(at);
  const mqtt = openCarport({ garage, settings: settingsFor(at) });
  await watch.untilStanding("carport/status", "online");
  return { garage, at, watch, mqtt };
}
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 20_000 });

describeWith([mosquitto], "Carport at a Mosquitto", () => {
  it("speaks MQTT 5 and shows the garage", async () => {
    const { watch, mqtt, garage } = await connected();
    garage.publish(can0, samples(NOON, [soc, 62.5]));
    await watch.untilStanding(socTopic, "62.5");
    expect(mqtt.status()).toMatchObject({ state: "connected", protocol: "5", dropped: 0, discarded: 0 });
    expect(watch.standing.has(leafPage)).toBe(true);
  });

  it("speaks MQTT 3.1.1 where the broker wants that", async () => {
    const at = await broker();
    const { server } = await openOlderBroker(at);
    onTestFinished(() => server.close());
    const garage = household();
    const mqtt = openCarport({ garage, settings: settingsFor(server) });
    const watch = await openWatch(at);
    await watch.untilStanding("carport/status", "online");
    garage.publish(can0, samples(NOON, [soc, 62.5]));
    await watch.untilStanding(socTopic, "62.5");
    // Without MQTT 5 it hears its own words again, and must not take them for somebody else's.
    garage.removeDevice(can0);
    await watch.until(() => ![...watch.standing.keys()].some((topic) => topic.includes("can0")));
    expect(mqtt.status()).toMatchObject({ state: "connected", protocol: "3.1.1", discarded: 0 });
  });

  it("sends all 500 signals of a device, retained", async () => {
    const signals = Array.from({ length: 500 }, (_, at) => quantity(`signal_${at}`, { unit: "V" }));
    const garage = household(signals);
    const { at, watch, mqtt } = await connected(garage);
    const started = performance.now();
    garage.publish(can0, samples(NOON, ...signals.map((signal, value) => [signal, value] as const)));
    await watch.until(() => watch.count("carport/device/can0/signal/signal_499") > 0);
    console.info(`500 values from the bus to another client in ${Math.round(performance.now() - started)} ms`);
    await watch.close();
    const late = await openWatch(at);
    await late.until(() => [...late.standing.keys()].filter((topic) => topic.includes("/signal/")).length === 500);
    expect(Object.keys(JSON.parse(late.standing.get(leafPage) ?? "").components)).toHaveLength(502);
    expect(mqtt.status().dropped).toBe(0);
  });

  it("comes back with everything after the broker was killed and has forgotten all", async () => {
    const { garage, at, watch } = await connected();
    garage.publish(can0, samples(NOON, [soc, 40]));
    await watch.untilStanding("carport/vehicle/family-leaf/summary");
    await watch.untilStanding("carport/vehicle/family-leaf/last_seen");
    await watch.untilStanding("carport/system/status");
    const before = new Set(watch.standing.keys());
    before.delete("carport/device/can0/reading");
    await watch.close();
    await at.kill();
    garage.publish(can0, samples(NOON, [soc, 30]));
    await at.restart();
    const later = await openWatch(at);
    await later.untilStanding("carport/status", "online");
    // Its quality of service takes two ways more than that of the status.
    await later.untilStanding("carport/system/status");
    const after = new Set(later.standing.keys());
    after.delete("carport/device/can0/reading");
    expect(after).toEqual(before);
    expect(later.standing.get(socTopic)).toBe("30");
  });

  it("takes away after a broker without a memory what was removed while it was down", async () => {
    const { garage, at, watch } = await connected();
    await watch.close();
    await at.kill();
    garage.removeDevice(can0);
    await at.restart();
    const later = await openWatch(at);
    await later.untilStanding("carport/status", "online");
    await later.until(() => later.count(canPage) > 0 && later.count(leafPage) > 0);
    expect(later.heard.filter(({ topic }) => topic === canPage).map(({ payload }) => payload)).toEqual([""]);
    expect([...later.standing.keys()].sort()).toEqual(["carport/instance", "carport/status"]);
  });

  it("waits for a broker that is not there yet", async () => {
    const at = await broker();
    await at.kill();
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at) });
    await eventually(() => mqtt.status()).toMatchObject({ state: "waiting", fault: "MQTT_UNREACHABLE" });
    await at.restart();
    const watch = await openWatch(at);
    await watch.untilStanding("carport/status", "online");
  });

  it("knocks with a wrong password every five minutes only, and at once with another", async () => {
    const at = await broker({ users: { carport: "right-horse" } });
    const clock = new ManualClock();
    const log = new KeptLog();
    const wrong = settingsFor(at, { username: "carport", password: "wrong-horse" });
    const mqtt = openCarport({ garage: household(), settings: wrong, clock, log });
    await eventually(() => mqtt.status().fault).toBe("MQTT_AUTH_REFUSED");
    for (let minute = 0; minute < 12; minute++) {
      await clock.advance(MINUTE);
      await eventually(() => mqtt.status().state).toBe("waiting");
    }
    await eventually(() => at.connections).toBe(3);
    expect(log.lines.join("\n")).not.toContain("horse");
    mqtt.apply({ ...wrong, password: "right-horse" });
    await eventually(() => mqtt.status().state).toBe("connected");
    expect(at.connections).toBe(4);
  });

  it("puts back a page that somebody emptied", async () => {
    const { watch } = await connected();
    await watch.say(leafPage, "", true);
    await watch.untilStanding(leafPage);
  });

  it("clears what belongs to a removed device and to a vehicle renamed while Carport was off", async () => {
    const first = await connected();
    first.garage.publish(can0, samples(NOON, [soc, 40]));
    await first.watch.untilStanding(socTopic);
    await first.mqtt.stop();
    const garage = new MemoryGarage();
    garage.put({ id: van, name: "Van", kind: "van" });
    garage.putDevice({ ...canDevice, vehicle: van }, { state: "connected", signals: [soc] });
    openCarport({ garage, settings: settingsFor(first.at) });
    const { watch } = first;
    await watch.until(() => ![...watch.standing.keys()].some((topic) => topic.includes(leaf)));
    expect(watch.standing.get(socTopic)).toBe("None");
    garage.removeDevice(can0);
    await watch.until(() => ![...watch.standing.keys()].some((topic) => /can0|van/.test(topic)));
  });

  it("is not moved by a megabyte of nonsense, binary or not", async () => {
    const { watch, mqtt } = await connected();
    for (const topic of ["homeassistant/status", leafPage]) {
      await watch.say(topic, Buffer.alloc(1024 * 1024 + 1, 0xfe));
      await watch.say(topic, Buffer.from([0, 0xff, 0x7b]));
    }
    await eventually(() => mqtt.status().discarded).toBe(3);
    expect(mqtt.status().state).toBe("connected");
  });

  it("names a message that the broker finds too large, and goes on with the others", async () => {
    const signals = Array.from({ length: 100 }, (_, at) => quantity(`signal_${at}`));
    const { watch, mqtt, garage } = await connected(household(signals), { settings: ["max_packet_size 5000"] });
    garage.publish(can0, samples(NOON, ...signals.map((signal, value) => [signal, value] as const)));
    await watch.untilStanding("carport/device/can0/signal/signal_99", "99");
    expect(mqtt.status()).toMatchObject({ state: "connected", fault: "MQTT_PACKET_TOO_LARGE", dropped: 1 });
    expect(watch.standing.has(canPage)).toBe(true);
  });

  it("says when the broker lets it in but not everywhere", async () => {
    const at = await Mosquitto.start({ users: { carport: "x", other: "x" } });
    onTestFinished(() => at.stop());
    await writeFile(
      join(at.folder, "acl"),
      "user carport\ntopic carport/#\ntopic read homeassistant/#\n\nuser other\ntopic #\n",
    );
    await at.kill();
    const conf = join(at.folder, "mosquitto.conf");
    await writeFile(conf, `${await readFile(conf, "utf8")}acl_file ${join(at.folder, "acl")}\n`);
    await at.restart();
    const user = { username: "carport", password: "x" };
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at, user) });
    await eventually(() => mqtt.status().fault).toBe("MQTT_NOT_ALLOWED");
    const watch = await openWatch({ host: at.host, port: at.port, username: "other", password: "x" });
    await watch.untilStanding("carport/status", "online");
    expect(mqtt.status().state).toBe("connected");
  });

  it("trusts a TLS broker whose authority this machine trusts, and no other", async () => {
    const at = await Mosquitto.start();
    onTestFinished(() => at.stop());
    const [key, certificate] = [join(at.folder, "key.pem"), join(at.folder, "certificate.pem")];
    await command("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=carport test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
    ]);
    await at.kill();
    const conf = join(at.folder, "mosquitto.conf");
    await writeFile(conf, `${await readFile(conf, "utf8")}certfile ${certificate}\nkeyfile ${key}\n`);
    await at.restart();
    const mqtt = openCarport({ garage: household(), settings: settingsFor(at, { tls: true }) });
    await eventually(() => mqtt.status().fault).toBe("MQTT_TLS_FAILED");
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, await readFile(certificate, "utf8")]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    await eventually(() => mqtt.status()).toMatchObject({ state: "connected", protocol: "5" });
  });
});
