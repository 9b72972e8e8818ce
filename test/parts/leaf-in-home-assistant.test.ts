import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { CarportProcess } from "../carport-process.ts";
import { HomeAssistantClient, type State } from "../home-assistant/client.ts";
import { HomeAssistantCore } from "../home-assistant/core.ts";
import { homeAssistant } from "../home-assistant/part.ts";
import { leafRecording } from "../leaf-recording.ts";
import { openBrowser } from "../setup/browser.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium, mosquitto } from "../setup/real-part.ts";
import { until } from "../setup/until.ts";
import { Mosquitto } from "./mosquitto.ts";

const screenshots = join(import.meta.dirname, "../../dist/screenshots");
const user = { username: "carport", password: "a secret of the broker" };
const vehicle = { id: "family-leaf", name: "Family Leaf", kind: "car" };
const leafOn = (bus: string, more: object = {}) => ({
  vehicles: [vehicle],
  devices: [{ id: "leaf-can", kind: "leaf-can", name: "Leaf CAN", vehicle: vehicle.id, settings: { bus, ...more } }],
});

/** Unit and device class of what an owner sees without switching anything on. */
const shown = {
  binary_sensor: {
    plugged_in: [undefined, "plug"],
    vehicle_on: [undefined, "power"],
  },
  sensor: {
    pack_power: ["kW", "power"],
    pack_voltage: ["V", "voltage"],
    speed: ["km/h", "speed"],
    state_of_charge: ["%", "battery"],
  },
} as const;

const signals = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        key: z.string(),
        subject: z.enum(["vehicle", "device"]),
        enabled: z.boolean(),
        precision: z.number().optional(),
        value: z.union([z.number(), z.boolean(), z.string()]).nullable(),
      }),
    }),
  ),
});

describeWith([mosquitto, homeAssistant, chromium], "a Leaf in Home Assistant", () => {
  let folder: string;
  let broker: Mosquitto;
  let core: HomeAssistantCore;
  let owner: HomeAssistantClient;
  let carport: CarportProcess;
  /** The Leaf's entities as they were when the recording was over. */
  let parked: ReadonlyMap<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "carport-leaf-"));
    broker = await Mosquitto.start({ users: { [user.username]: user.password } });
    core = await HomeAssistantCore.create();
    await core.start();
    owner = new HomeAssistantClient(core.url);
    await owner.signIn();
    await owner.configureMqtt({ port: broker.port, ...user });
    carport = await CarportProcess.create(leafOn(`file:${await leafRecording(folder)}`, { replaySpeed: 10 }), {
      CARPORT_MQTT_HOST: broker.host,
      CARPORT_MQTT_PORT: String(broker.port),
      CARPORT_MQTT_USERNAME: user.username,
      CARPORT_MQTT_PASSWORD: user.password,
    });
    await carport.start();
  });
  afterAll(async () => {
    await carport?.dispose();
    owner?.close();
    await core?.dispose();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ours = ({ entity_id }: State) => /^\w+\.(family_leaf|leaf_can)_/.test(entity_id);
  const states = async () => (await owner.states()).filter(ours);
  const values = async () => new Map((await states()).map(({ entity_id, state }) => [entity_id, state]));
  const page = async () => (await owner.devices()).find(({ name }) => name === vehicle.name);

  /** What Carport itself says of each entity that is switched on, as Home Assistant is to show it. */
  async function truth(): Promise<ReadonlyMap<string, string>> {
    const response = await fetch(`${carport.url}/api/vehicles/${vehicle.id}/signals`);
    const { data } = signals.parse(await response.json());
    return new Map(
      data
        .filter(({ attributes: { enabled, subject } }) => enabled && subject === "vehicle")
        .map(({ attributes: { key, value, precision } }) => {
          if (typeof value === "boolean") return [`binary_sensor.family_leaf_${key}`, value ? "on" : "off"];
          const text = typeof value === "number" ? Number(value.toFixed(precision)) : (value ?? "unknown");
          return [`sensor.family_leaf_${key}`, String(text)];
        }),
    );
  }

  /** Warnings and errors that name us or MQTT, but for the connections that a test itself has cut. */
  const complaints = async () =>
    (await owner.systemLog())
      .filter(({ name, message }) => /mqtt|carport|leaf/i.test(`${name} ${message.join(" ")}`))
      .filter(({ message }) => !message.join().includes("The connection was lost"));

  test("arrives as one tidy device, with its make and model, and its adapter below it", async () => {
    await until("the Leaf asleep", 60, async () => (await values()).get("sensor.family_leaf_state") === "asleep");
    const leaf = await page();
    expect(leaf).toMatchObject({ manufacturer: "Nissan", model: expect.stringContaining("Leaf AZE0") });
    const adapter = (await owner.devices()).find(({ name }) => name === "Leaf CAN");
    expect(adapter?.via_device_id).toBe(leaf?.id);
    const entities = (await owner.entities()).filter(({ device_id }) => device_id === leaf?.id);
    const switchedOn = entities.filter(({ disabled_by }) => disabled_by === null);
    expect(entities.length).toBeGreaterThan(60);
    expect(switchedOn.length).toBeGreaterThanOrEqual(12);
    expect(switchedOn.length).toBeLessThanOrEqual(20);
  });

  test("shows exactly the values that Carport has, in the right units and classes", async () => {
    const expected = await truth();
    await expect
      .poll(async () => new Map([...(await values())].filter(([entity]) => expected.has(entity))), { timeout: 30_000 })
      .toEqual(expected);
    const all = new Map((await states()).map((state) => [state.entity_id, state.attributes]));
    for (const [platform, entities] of Object.entries(shown)) {
      for (const [name, [unit, deviceClass]] of Object.entries(entities)) {
        const attributes = all.get(`${platform}.family_leaf_${name}`);
        expect([name, attributes?.["unit_of_measurement"], attributes?.["device_class"]]).toEqual([
          name,
          unit,
          deviceClass,
        ]);
      }
    }
    parked = await values();
    expect([...parked].filter(([, state]) => ["unknown", "unavailable"].includes(state))).toEqual([]);
    expect(await complaints()).toEqual([]);
    expect(carport.output).not.toMatch(/ (warn|error) /);
  });

  test("looks right in Home Assistant's own frontend", async () => {
    await mkdir(screenshots, { recursive: true });
    await using browser = await openBrowser();
    const tab = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    const tokens = owner.frontendTokens();
    await tab.addInitScript((kept) => localStorage.setItem("hassTokens", kept), tokens);
    await tab.goto(`${core.url}/config/devices/device/${(await page())?.id}`);
    await tab.getByText("State of charge", { exact: true }).first().waitFor();
    await tab.waitForLoadState("networkidle");
    await tab.screenshot({ path: join(screenshots, "leaf-in-home-assistant.png") });
  });

  const unchanged = () => expect.poll(values, { timeout: 60_000 }).toEqual(parked);
  const untilUnavailable = () =>
    until("unavailable", 30, async () => (await values()).get("sensor.family_leaf_speed") === "unavailable");

  test("is as it was after a restart of Home Assistant", async () => {
    owner.close();
    await core.stop();
    await core.start();
    await owner.signIn();
    await unchanged();
  });

  test("is as it was after a restart of Mosquitto that forgot everything", async () => {
    await broker.kill();
    await untilUnavailable();
    await broker.restart();
    await unchanged();
  });

  test("is as it was after a restart of Carport with the car away", async () => {
    await carport.configure(leafOn("virtual:away"));
    expect(await carport.stop()).toBe(0);
    await untilUnavailable();
    await carport.start();
    await unchanged();
  });

  test("goes when it is removed, and left nothing for Home Assistant to complain of", async () => {
    await carport.configure({ vehicles: [], devices: [] });
    await until("no device of Carport's", 30, async () => {
      const devices = await owner.devices();
      return !devices.some(({ name }) => name === vehicle.name || name === "Leaf CAN");
    });
    expect([...(await values()).keys()]).toEqual([]);
    // Home Assistant empties the topic itself once more for each entity that is switched off, and wonders at it.
    expect(
      (await complaints()).filter(({ message }) => !message.join().includes("No device components to cleanup")),
    ).toEqual([]);
    expect(carport.output).not.toContain(user.password);
  });
});
