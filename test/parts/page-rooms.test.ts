import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { BrowserPages, desktop, phone, shoot } from "../browser-pages.ts";
import { startIngressProxy } from "../ingress-proxy.ts";
import { OwnerServer } from "../owner-server.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium } from "../setup/real-part.ts";

const sizes = [
  ["phone", "light", phone],
  ["desktop", "dark", desktop],
] as const;

describeWith([chromium], "the page's rooms in Chromium", () => {
  let pages: BrowserPages;
  let server: OwnerServer;
  let url: string;

  beforeAll(async () => {
    pages = await BrowserPages.create();
  });
  afterAll(() => pages?.dispose());
  beforeEach(async () => {
    server = await OwnerServer.start(pages.folder);
    ({ url } = server);
    await household();
  });
  afterEach(async () => {
    await pages.clear();
    await server.stop();
  });

  /** A car that drives, a van that sleeps, a boat out of reach and a trailer that nothing reads. */
  async function household(): Promise<void> {
    const { hub } = server;
    const car = await hub.addVehicle({ name: "Family Leaf" });
    const van = await hub.addVehicle({ name: "Camper", kind: "van" });
    const boat = await hub.addVehicle({ name: "Seagull", kind: "boat" });
    await hub.addVehicle({ name: "Trailer", kind: "trailer" });
    await hub.addDevice({ kind: "leaf-can", name: "Leaf CAN", vehicle: car });
    await hub.addDevice({ kind: "distant-monitor", name: "BM6", vehicle: van });
    await hub.addDevice({ kind: "distant-monitor", name: "BM2 on the boat", vehicle: boat, settings: { near: false } });
  }

  test.each(sizes)(
    "on a %s in %s colours below ingress: garage, devices and system",
    async (size, colours, options) => {
      await using proxy = await startIngressProxy(server.api.port, "");
      const page = await pages.open(proxy.panel, { ...options, colorScheme: colours });
      const bar = page.getByRole("navigation", { name: "Pages" });
      await page.getByRole("link", { name: "Seagull" }).getByText("BM2 on the boat").waitFor();
      await page.getByRole("link", { name: "Camper" }).getByText("Asleep").waitFor();
      await shoot(page, `${size}-garage`);
      await bar.getByRole("link", { name: "Devices" }).click();
      await page.getByRole("article", { name: "BM2 on the boat" }).getByRole("button", { name: "Check" }).click();
      await page.getByText("Home Assistant · not known").waitFor();
      expect(await page.title()).toBe("Devices · Carport");
      await shoot(page, `${size}-devices`);
      await bar.getByRole("link", { name: "System" }).click();
      await page.getByText("Values received").waitFor();
      await page.getByText("Carport 1.2.3 is at").waitFor();
      await shoot(page, `${size}-system`);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(pages.complaints).toEqual([]);
    },
  );

  test("the log shows what the owner asks for, and diagnostics come as a file", async () => {
    const page = await pages.open(`${url}/#/system`, desktop);
    await page.getByText("Carport 1.2.3 is at").waitFor();
    await page.getByLabel("Lines shown").selectOption("Warnings");
    await page.getByText("Carport 1.2.3 is at").waitFor({ state: "detached" });
    await page.getByText("Bring a proxy nearer.").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Diagnostics" }).click();
    expect((await download).suggestedFilename()).toBe("carport-diagnostics.json");
  });

  test("who reads German gets German, with its numbers", async () => {
    const page = await pages.open(url, { ...phone, locale: "de-DE" });
    const card = page.getByRole("link", { name: "Family Leaf" });
    await card.getByText("Ladestand").waitFor();
    await card
      .getByText(/^\s*\d\d,\d\s/)
      .first()
      .waitFor();
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
