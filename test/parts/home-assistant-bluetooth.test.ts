import { afterAll, beforeAll, expect, test } from "vitest";
import type { BleAdapter, BleAdvert } from "#domain/ble.ts";
import { systemClock } from "#hub/system-clock.ts";
import { parseAdvert } from "#protocols/leagend/advert.ts";
import { BatteryMonitor } from "../../src/simulators/battery-monitor/battery-monitor.ts";
import { openBle } from "../../src/transports/ble/open-ble.ts";
import { HomeAssistantClient } from "../home-assistant/client.ts";
import { HomeAssistantCore } from "../home-assistant/core.ts";
import { homeAssistant } from "../home-assistant/part.ts";
import { describeWith } from "../setup/describe-with.ts";

const address = "50:54:7B:24:30:10";

describeWith([homeAssistant], "Bluetooth through Home Assistant", () => {
  let core: HomeAssistantCore;
  let owner: HomeAssistantClient;
  let adapter: BleAdapter;
  let adverts: AsyncIterator<BleAdvert>;
  const closing = new AbortController();

  /** A passive proxy in the garage hears a BM6 whose battery has so many volts. */
  async function shout(voltage: number): Promise<void> {
    const battery = () => ({ voltage, temperature: 7, stateOfCharge: 93, charging: false });
    const record = new BatteryMonitor({ model: "BM6", address, clock: systemClock, battery }).manufacturerRecord();
    const data = record && { [record.company]: Buffer.from(record.data).toString("hex") };
    await owner.rest("POST", "/api/test_scanner", { address, name: "BM6", rssi: -61, manufacturer_data: data });
  }

  const read = ({ manufacturerData }: BleAdvert) =>
    [...manufacturerData].map(([company, data]) => parseAdvert(company, data, address));
  const heard = (voltage: number) => ({ type: "reading", reading: { model: "BM6", voltage, stateOfCharge: 93 } });

  /** The first advert that reads so. */
  async function hear(adverts: AsyncIterator<BleAdvert>, voltage: number): Promise<BleAdvert> {
    for (;;) {
      const { value, done } = await adverts.next();
      if (done === true) throw new Error("ended");
      if (read(value).some((each) => each?.type === "reading" && each.reading.voltage === voltage)) return value;
    }
  }

  beforeAll(async () => {
    core = await HomeAssistantCore.create({ components: ["test_scanner"] });
    await core.start();
    owner = new HomeAssistantClient(core.url);
    await owner.signIn();
    const token = await owner.command("auth/long_lived_access_token", { client_name: "Carport", lifespan: 1 });
    adapter = openBle("home-assistant", { clock: systemClock, homeAssistant: { url: core.url, token: String(token) } });
    adverts = adapter.adverts(closing.signal)[Symbol.asyncIterator]();
  });
  afterAll(async () => {
    closing.abort();
    await adapter?.close();
    owner?.close();
    await core?.dispose();
  });

  test("a BM6 that a passive proxy hears is read with no connection", async () => {
    const before = Date.now();
    await shout(12.84);
    const advert = await hear(adverts, 12.84);
    expect(advert).toMatchObject({ address, name: "BM6", rssi: -61, connectable: false, source: "Garage proxy" });
    expect(advert.time).toBeGreaterThan(before - 1_000);
    expect(advert.time).toBeLessThan(Date.now() + 1_000);
    expect(read(advert)).toEqual([heard(12.84)]);
  });

  test("who listens hears on after Core was restarted", async () => {
    await core.stop();
    await core.start();
    await owner.signIn();
    await shout(12.1);
    expect(await hear(adverts, 12.1)).toMatchObject({ address });
  });

  test("without Carport's integration a connection says that it is missing", async () => {
    await expect(adapter.connected(address, async () => "", closing.signal)).rejects.toMatchObject({
      code: "BLE_BRIDGE_MISSING",
      nextStep: expect.stringContaining("integration"),
    });
  });

  test("a token that Core refuses is told as one", async () => {
    const { HomeAssistantRadio } = await import("../../src/transports/ble/home-assistant/home-assistant-radio.ts");
    const stranger = new HomeAssistantRadio({ url: core.url, token: "no-token" }, systemClock);
    await expect(stranger.scan(() => undefined, closing.signal)).rejects.toMatchObject({
      code: "HOME_ASSISTANT_TOKEN_REFUSED",
    });
  });
});
