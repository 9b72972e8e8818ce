import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#hub/system-clock.ts";
import { type ApiServer, can0, startApiServer } from "../api-server.ts";
import { BrowserPages, desktop, phone, shoot } from "../browser-pages.ts";
import { deviceId, driveAt, feed, leafSignals, vehicleId } from "../fake-drive.ts";
import { startIngressProxy } from "../ingress-proxy.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium } from "../setup/real-part.ts";

const sizes = [
  ["phone", "light", phone],
  ["desktop", "dark", desktop],
] as const;

describeWith([chromium], "the page's rooms in Chromium", () => {
  let pages: BrowserPages;
  let server: ApiServer;
  let url: string;

  beforeAll(async () => {
    pages = await BrowserPages.create();
  });
  afterAll(() => pages?.dispose());
  beforeEach(async () => {
    server = await startApiServer(systemClock, pages.folder);
    ({ url } = server);
    household();
  });
  afterEach(async () => {
    await pages.clear();
    await server[Symbol.asyncDispose]();
  });

  /** A car that drives, a van that sleeps, a boat out of reach and a trailer that nothing reads. */
  function household(): void {
    const { garage, store } = server;
    for (let seconds = 0; seconds < 60; seconds++)
      feed(garage, store, can0, Date.now() - 60_000 + seconds * 1_000, driveAt(seconds));
    const slept = Date.now() - 5 * 3_600_000;
    const van = vehicleId("camper");
    const boat = vehicleId("boat");
    garage.put({ id: van, name: "Camper", kind: "van" });
    garage.put({ id: boat, name: "Seagull", kind: "boat" });
    garage.put({ id: vehicleId("trailer"), name: "Trailer", kind: "trailer" });
    const monitor = { kind: "battery-monitor", name: "BM6", enabled: true, settings: {} };
    const auxiliary = leafSignals.filter(({ group }) => group === "12v");
    const bm6 = deviceId("bm6");
    garage.putDevice({ ...monitor, id: bm6, vehicle: van }, { state: "asleep", since: slept, signals: auxiliary });
    const fault = {
      code: "BLE_NOT_FOUND",
      message: "BM2 on the boat: no advert for 20 minutes [BLE_NOT_FOUND]",
      nextStep: "Bring a Bluetooth proxy nearer to it.",
    };
    const bm2 = { ...monitor, id: deviceId("bm2"), name: "BM2 on the boat", vehicle: boat };
    garage.putDevice(bm2, { state: "disconnected", since: slept, fault, identity: { model: "BM2" } });
  }

  test.each(sizes)(
    "on a %s in %s colours below ingress: garage, devices and system",
    async (size, colours, options) => {
      await using proxy = await startIngressProxy(server.api.port, "");
      const page = await pages.open(proxy.panel, { ...options, colorScheme: colours });
      const bar = page.getByRole("navigation", { name: "Pages" });
      await page.getByRole("link", { name: "Seagull" }).getByText("no advert for 20 minutes").waitFor();
      await page.getByRole("link", { name: "Camper" }).getByText("Asleep").waitFor();
      await shoot(page, `${size}-garage`);
      await bar.getByRole("link", { name: "Devices" }).click();
      await page.getByText("Bring a Bluetooth proxy nearer to it.").waitFor();
      expect(await page.title()).toBe("Devices · Carport");
      await shoot(page, `${size}-devices`);
      await bar.getByRole("link", { name: "System" }).click();
      await page.getByText("Values received").waitFor();
      await shoot(page, `${size}-system`);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(pages.complaints).toEqual([]);
    },
  );

  test("who reads German gets German, with its numbers", async () => {
    const page = await pages.open(url, { ...phone, locale: "de-DE" });
    const card = page.getByRole("link", { name: "Family Leaf" });
    await card.getByText("Ladestand").waitFor();
    await card.getByText("61,0").waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("de");
    await card.click();
    await page.getByText("Alle Werte").waitFor();
    await shoot(page, "phone-german");
  });

  test("Home Assistant's language comes before the browser's", async () => {
    await using proxy = await startIngressProxy(
      server.api.port,
      `<!doctype html><html lang="de"><link rel="icon" href="data:,">
       <iframe src="/api/hassio_ingress/kR5t-x_token/"></iframe>`,
    );
    const page = await pages.open(proxy.url, { ...phone, locale: "en-GB" });
    await page.frameLocator("iframe").getByRole("link", { name: "Geräte" }).waitFor();
  });

  test("in the chart one looks closer, goes back in time, and returns to now", async () => {
    const page = await pages.open(`${url}/#/vehicles/family-leaf`, desktop);
    await page.locator("history-chart canvas").waitFor();
    const asked: number[] = [];
    page.on("request", (request) => {
      const { searchParams } = new URL(request.url());
      const [from, to] = [searchParams.get("filter[from]"), searchParams.get("filter[to]")];
      if (from && to) asked.push((Date.parse(to) - Date.parse(from)) / 60_000);
    });
    await page.getByRole("button", { name: "Look closer" }).click();
    await expect.poll(() => asked.at(-1)).toBeCloseTo(7.5);
    await page.getByRole("button", { name: "Earlier" }).click();
    await expect.poll(() => asked.length).toBe(2);
    await page.getByRole("button", { name: "Now" }).click();
    await expect.poll(() => asked.at(-1)).toBeCloseTo(15);
    await page.getByRole("radio", { name: "30 d" }).check();
    await expect.poll(() => asked.at(-1)).toBeCloseTo(30 * 24 * 60);
    const plot = await page.locator("history-chart .u-over").boundingBox();
    if (!plot) throw new Error("no plot");
    await page.mouse.move(plot.x + plot.width * 0.25, plot.y + 40);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.75, plot.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => asked.length).toBe(5);
    expect(asked.at(-1)).toBeLessThan(30 * 24 * 60);
  });
});
