import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { BrowserPages, desktop, phone, shoot } from "../browser-pages.ts";
import { vehicleId } from "../fake-drive.ts";
import { OwnerServer } from "../owner-server.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium } from "../setup/real-part.ts";

describeWith([chromium], "an owner with the page", () => {
  let pages: BrowserPages;
  let server: OwnerServer | undefined;

  beforeAll(async () => {
    pages = await BrowserPages.create();
  });
  afterAll(() => pages?.dispose());
  afterEach(async () => {
    await pages.clear();
    await server?.stop();
    server = undefined;
  });

  async function start(env: Record<string, string> = {}): Promise<OwnerServer> {
    server = await OwnerServer.start(pages.folder, env);
    return server;
  }

  /** A monitor in a car, and a boat that has none. */
  async function household(env: Record<string, string> = {}): Promise<OwnerServer> {
    const { hub } = await start(env);
    await hub.search();
    const car = await hub.addVehicle({ name: "Family car" });
    await hub.addVehicle({ name: "Seagull", kind: "boat" });
    const [found] = hub.found();
    if (!found || !server) throw new Error("nothing was found");
    await hub.adopt(found.id, { vehicle: car });
    return server;
  }

  const card = (page: Page) => page.getByRole("article", { name: "BM6 24:30:10" });

  test("from an empty garage to a named vehicle with a live value, in few clicks", async () => {
    const { url } = await start();
    const page = await pages.open(url);
    await page.evaluate("globalThis.clicks = 0; addEventListener('click', () => clicks++, true)");
    await page.getByText("core-mosquitto:1883").waitFor();
    await page.getByText("OBD-II adapter (95 %): OBDLink names itself").waitFor();
    await page.getByRole("link", { name: "1 device was found" }).waitFor();
    await shoot(page, "phone-first-run");
    await page.getByRole("link", { name: "1 device was found" }).click();
    await page.getByText("13.28 V").waitFor();
    await shoot(page, "phone-found");
    await page.getByLabel("Name of the vehicle").fill("Family car");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await card(page)
      .getByText(/\d\d\.\d\sV/)
      .waitFor();
    await page.getByRole("link", { name: "Garage" }).click();
    await page.getByRole("heading", { name: "Family car" }).waitFor();
    await page
      .locator("vehicle-hero .charge")
      .getByText(/^1[23]\.\d/)
      .waitFor();
    await shoot(page, "phone-only-12v");
    const clicks = await page.evaluate<number>("clicks");
    console.log(`first run: ${clicks} clicks to a named vehicle with a live value`);
    expect(clicks).toBeLessThan(20);
    expect(pages.complaints).toEqual([]);
  });

  test("a device moves to another vehicle", async () => {
    const { url, hub } = await household();
    const page = await pages.open(`${url}/#/devices`, desktop);
    await card(page).getByRole("button", { name: "Settings" }).click();
    await page.getByRole("combobox", { name: "Vehicle", exact: true }).selectOption("Seagull");
    await shoot(page, "desktop-device-settings");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("region", { name: "Seagull" }).getByRole("article", { name: "BM6 24:30:10" }).waitFor();
    expect(hub.devices()[0]?.record.vehicle).toBe(vehicleId("seagull"));
    expect(pages.complaints).toEqual([]);
  });

  test("a wrong value is told beside its field, and the others are not lost", async () => {
    const { url, hub } = await household();
    const page = await pages.open(`${url}/#/devices`);
    await card(page).getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Voltage offset").fill("0,25");
    await page.getByLabel("Poll", { exact: true }).fill("0");
    await page.getByRole("button", { name: "Save" }).click();
    const poll = page.getByLabel("Poll", { exact: true });
    await expect.poll(() => poll.getAttribute("aria-invalid")).toBe("true");
    await page
      .getByRole("alert")
      .getByText(/>=\s?1/)
      .waitFor();
    expect(await page.getByLabel("Voltage offset").inputValue()).toBe("0.25");
    await shoot(page, "phone-wrong-value");
    await poll.fill("30");
    await page.getByRole("button", { name: "Save" }).click();
    await poll.waitFor({ state: "detached" });
    expect(hub.devices()[0]?.record.settings).toMatchObject({ voltageOffset: 0.25, pollMinutes: 30 });
  });

  test("a device is switched off and removed, and a vehicle renamed and joined with another", async () => {
    const { url, hub } = await household();
    const page = await pages.open(`${url}/#/devices`);
    await card(page).getByRole("button", { name: "Switch off" }).click();
    await card(page).getByText("Switched off").waitFor();
    const car = page.getByRole("region", { name: "Family car" });
    await car.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Name of the vehicle").fill("<b>Old car</b>");
    await shoot(page, "phone-vehicle-change");
    await page.getByRole("button", { name: "Save" }).click();
    const renamed = page.getByRole("region", { name: "<b>Old car</b>" });
    await renamed.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Join with").selectOption("Seagull");
    await page.getByRole("button", { name: "Save" }).click();
    await renamed.waitFor({ state: "detached" });
    expect(hub.vehicles().map(({ name }) => name)).toEqual(["Seagull"]);
    await card(page).getByRole("button", { name: "Remove" }).click();
    await card(page).getByRole("button", { name: "Really remove?" }).click();
    await card(page).waitFor({ state: "detached" });
    expect(hub.devices()).toEqual([]);
  });

  test("settings are saved in groups; what the environment sets is shown and cannot be edited", async () => {
    const { url, settings } = await household({ CARPORT_MQTT_HOST: "broker.local" });
    const page = await pages.open(`${url}/#/settings`, desktop);
    const host = page.getByLabel("Host").first();
    await host.waitFor();
    expect([await host.inputValue(), await host.isDisabled()]).toEqual(["broker.local", true]);
    await page.getByText("CARPORT_MQTT_HOST").waitFor();
    const broker = page.locator("form", { hasText: "MQTT broker" });
    await broker.getByLabel("Prefix", { exact: true }).fill("my car/#");
    await broker.getByRole("button", { name: "Save" }).click();
    await broker.getByRole("alert").waitFor();
    await shoot(page, "desktop-settings");
    await broker.getByLabel("Prefix", { exact: true }).fill("garage");
    await broker.getByLabel("Password").fill("hunter2");
    await broker.getByRole("button", { name: "Save" }).click();
    await broker.getByText("Saved").waitFor();
    expect(settings.system.mqtt).toMatchObject({ prefix: "garage", password: "hunter2" });
    expect(await page.content()).not.toContain("hunter2");
    const small = await pages.open(`${url}/#/settings`, { ...phone, colorScheme: "dark", locale: "de" });
    await small.getByRole("heading", { name: "MQTT-Broker" }).waitFor();
    await shoot(small, "phone-settings-german");
  });

  test("a device is added by hand", async () => {
    const { url, hub } = await household();
    const page = await pages.open(`${url}/#/devices`);
    await page.getByRole("button", { name: "Add by hand" }).click();
    await page.getByRole("button", { name: "Battery monitor BM2, BM6 or BM7" }).click();
    await page.getByLabel("Address").fill("nonsense");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("alert").getByText("expected six pairs").waitFor();
    await shoot(page, "phone-add");
    await page.getByLabel("Address").fill("50:54:7B:00:00:01");
    await page.getByLabel("Name", { exact: true }).fill("Second battery");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("article", { name: "Second battery" }).waitFor();
    expect(hub.devices()).toHaveLength(2);
  });
});
