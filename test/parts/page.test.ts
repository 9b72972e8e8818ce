import type { Frame, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#hub/system-clock.ts";
import { type ApiServer, can0, leaf, startApiServer } from "../api-server.ts";
import { BrowserPages, desktop, phone, shoot } from "../browser-pages.ts";
import { deviceId, driveAt, feed, leafSignals, vehicleId } from "../fake-drive.ts";
import { startIngressProxy } from "../ingress-proxy.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium } from "../setup/real-part.ts";

const MAX_GZIP_BYTES = 120_000;

const speed = leafSignals.findIndex(({ key }) => key === "speed");

describeWith([chromium], "the page in Chromium", () => {
  let pages: BrowserPages;
  let server: ApiServer;
  let driving: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    pages = await BrowserPages.create();
  });
  afterAll(() => pages?.dispose());
  beforeEach(async () => {
    server = await startApiServer(systemClock, pages.folder);
  });
  afterEach(async () => {
    clearInterval(driving);
    await pages.clear();
    await server[Symbol.asyncDispose]();
  });

  /** The last 15 minutes of a drive, and on from here ten times a second. */
  function drive(change: (values: number[]) => void = () => undefined): void {
    const start = Date.now() - 15 * 60_000;
    const values = (time: number) => {
      const row = driveAt((time - start) / 1000);
      change(row);
      return row;
    };
    for (let time = start; time < Date.now(); time += 500) feed(server.garage, server.store, can0, time, values(time));
    driving = setInterval(() => feed(server.garage, server.store, can0, Date.now(), values(Date.now())), 100);
  }

  test.each([
    ["phone", "light", phone],
    ["phone", "dark", phone],
    ["desktop", "light", desktop],
    ["desktop", "dark", desktop],
  ] as const)(
    "on a %s in %s colours below ingress: live values, a drawn chart, no complaint",
    async (size, colours, options) => {
      drive();
      await using proxy = await startIngressProxy(server.api.port, "");
      const page = await pages.open(proxy.panel, { ...options, colorScheme: colours });
      await page.getByRole("heading", { name: "Family Leaf" }).waitFor();
      expect(await page.title()).toBe("Family Leaf · Carport");
      await page.getByRole("status").getByText("Driving").waitFor();
      const reading = page.locator("value-tile").first().locator(".value");
      const first = await reading.textContent();
      await expect.poll(() => reading.textContent()).not.toBe(first);
      await expect.poll(() => coloursDrawn(page)).toBeGreaterThan(3);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      await shoot(page, `${size}-${colours}`);
      expect(pages.complaints).toEqual([]);
    },
  );

  test("the first page is small and quick", async () => {
    drive();
    const page = await pages.open(`http://127.0.0.1:${server.api.port}/`);
    await page.locator("vehicle-hero .charge").getByText(/\d/).waitFor();
    const firstValue = await page.evaluate<number>("performance.now()");
    await page.locator("history-chart canvas").waitFor();
    const times = await page.evaluate<{ firstPaint: number; transferred: number }>(`({
      firstPaint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      transferred: performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0),
    })`);
    const bundle = pages.built.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    console.log(`page: ${bundle} bytes with gzip, ${times.transferred} transferred with headers and history`);
    console.log(`page: first contentful paint after ${Math.round(times.firstPaint)} ms on loopback`);
    console.log(`page: first value seen after ${Math.round(firstValue)} ms`);
    expect(times.transferred).toBeLessThan(MAX_GZIP_BYTES);
  });

  test("inside Home Assistant it takes over the theme, and follows it when it changes", async () => {
    drive();
    await using proxy = await startIngressProxy(
      server.api.port,
      `<!doctype html><html style="--primary-color:#ff00aa;--primary-background-color:#101010;--card-background-color:#202020;--primary-text-color:#fafafa">
       <link rel="icon" href="data:,">
       <body style="margin:0"><iframe src="/api/hassio_ingress/kR5t-x_token/" style="border:0;width:100vw;height:100vh"></iframe>`,
    );
    const page = await pages.open(proxy.url, { ...phone, colorScheme: "light" });
    const frame = page.frames()[1];
    if (!frame) throw new Error("no panel");
    await frame.getByRole("heading", { name: "Family Leaf" }).waitFor();
    expect(await cardColour(frame)).toBe("rgb(32, 32, 32)");
    expect(await frame.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("dark");
    await shoot(page, "home-assistant");
    await page.evaluate(`{
      const { style } = document.documentElement;
      style.setProperty("--card-background-color", "#fffff0");
      style.setProperty("--primary-background-color", "#eeeeee");
    }`);
    await expect.poll(() => cardColour(frame)).toBe("rgb(255, 255, 240)");
    expect(await frame.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("light");
    expect(pages.complaints).toEqual([]);
  });

  test("a car that fell asleep is calm: its last values, how old they are, and nothing that looks like a fault", async () => {
    const slept = Date.now() - 2 * 3_600_000;
    for (let seconds = 0; seconds <= 900; seconds++) {
      const row = driveAt(seconds);
      if (seconds > 850) row[speed] = 0;
      feed(server.garage, server.store, can0, slept + (seconds - 900) * 1000, row);
    }
    const { record } = device();
    server.garage.putDevice(record, { state: "asleep", since: slept });
    const page = await pages.open(`http://127.0.0.1:${server.api.port}/`);
    await page.getByRole("status").getByText("Asleep").waitFor();
    await page.getByText(/Since .* These are its last values/).waitFor();
    await page.getByText("Charge · 2 h ago").waitFor();
    await expect.poll(() => coloursDrawn(page)).toBeGreaterThan(3);
    await shoot(page, "phone-asleep");
  });

  test("the garage says what it waits for, and shows a vehicle as soon as there is one", async () => {
    const empty = await startApiServer(systemClock, pages.folder);
    try {
      empty.garage.removeDevice(can0);
      empty.garage.removeVehicle(leaf);
      const page = await pages.open(`http://127.0.0.1:${empty.api.port}/`);
      await page.getByRole("heading", { name: "Your garage is empty" }).waitFor();
      await shoot(page, "phone-empty");
      const boat = vehicleId("boat");
      const monitor = deviceId("bm6");
      empty.garage.put({ id: boat, name: "<b>Seagull</b>", kind: "boat" });
      await page.getByRole("heading", { name: "No device yet" }).waitFor();
      const record = { id: monitor, kind: "battery-monitor", name: "BM6", vehicle: boat, enabled: true, settings: {} };
      empty.garage.putDevice(record, { state: "connecting" });
      await page.getByRole("heading", { name: "Waiting for the first values" }).waitFor();
      await shoot(page, "phone-waiting");
      const fault = { code: "INTERNAL", message: "BM6: out of reach [INTERNAL]", nextStep: "Move the adapter nearer." };
      empty.garage.putDevice(record, { state: "error", fault });
      await page.getByText("Move the adapter nearer.").waitFor();
      await shoot(page, "phone-fault");
    } finally {
      await empty[Symbol.asyncDispose]();
    }
  });

  test("a household with several vehicles switches between them, and the address remembers which", async () => {
    drive();
    const van = vehicleId("van");
    server.garage.put({ id: van, name: "Camper", kind: "van" });
    const page = await pages.open(`http://127.0.0.1:${server.api.port}/`);
    await page.getByRole("link", { name: "Camper" }).click();
    await page.getByText("Nothing reads values from Camper.").waitFor();
    expect(page.url()).toMatch(/#\/vehicles\/van$/);
    await page.reload();
    await page.getByText("Nothing reads values from Camper.").waitFor();
    await page.getByRole("link", { name: "Family Leaf" }).click();
    await page.getByRole("status").getByText("Driving").waitFor();
    await shoot(page, "phone-vehicles");
  });

  test("when the server restarts the page says so, keeps the last values, and goes on by itself", async () => {
    drive();
    const page = await pages.open(`http://127.0.0.1:${server.api.port}/`);
    await page.getByRole("status").getByText("Driving").waitFor();
    await page.locator("history-chart canvas").waitFor();
    clearInterval(driving);
    await server[Symbol.asyncDispose]();
    await page.getByText("The connection to Carport is lost.").waitFor();
    expect(await page.locator("vehicle-hero .charge").textContent()).toMatch(/^\d+\.\d/);
    await shoot(page, "phone-lost");
    server = await startApiServer(systemClock, pages.folder, server.api.port);
    drive((values) => {
      values[speed] = 123;
    });
    await page.getByText("The connection to Carport is lost.").waitFor({ state: "detached" });
    await page.locator("value-tile").first().getByText("123").waitFor();
    await expect.poll(() => coloursDrawn(page)).toBeGreaterThan(3);
  });

  test("with the keyboard alone: another signal, another time, a group of values, one of them in the chart", async () => {
    drive();
    const page = await pages.open(`http://127.0.0.1:${server.api.port}/`, desktop);
    await page.getByRole("radio", { name: "Power" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("radio", { name: "Charge" }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: "15 min" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("radio", { name: "1 h", exact: true }).isChecked()).toBe(true);
    await page.locator("summary", { hasText: "Battery" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Pack voltage" }).focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator("history-chart").getByRole("img").getAttribute("aria-label"))
      .toMatch(/^Pack voltage/);
    expect(await page.getByLabel("Other value shown in the chart").inputValue()).toBe("leaf-can0.pack_voltage");
    await shoot(page, "desktop-values");
  });

  test("who wants less motion gets none", async () => {
    drive((values) => {
      values[1] = 6.6;
      values[speed] = 0;
      values[5] = 1;
    });
    const url = `http://127.0.0.1:${server.api.port}/`;
    const moving = await pages.open(url);
    await moving.getByRole("status").getByText("Charging").waitFor();
    await shoot(moving, "phone-charging");
    expect(await animations(moving)).toBeGreaterThan(1);
    const still = await pages.open(url, { ...phone, reducedMotion: "reduce" });
    await still.getByRole("status").getByText("Charging").waitFor();
    expect(await animations(still)).toBe(0);
  });

  function device() {
    const known = server.garage.device(can0);
    if (!known) throw new Error("no device");
    return known;
  }
});

const inPage = (...selectors: string[]) =>
  ["carport-page", "vehicle-page", ...selectors].reduce(
    (path, selector, at) => `${path}${at > 0 ? ".shadowRoot" : ""}.querySelector("${selector}")`,
    "document",
  );

/** How many colours the chart's canvas shows over some area: an empty one shows its ground, the grid and the axes. */
const coloursDrawn = (page: Page): Promise<number> =>
  page.evaluate<number>(`{
    const canvas = ${inPage("chart-card", "history-chart", "canvas")};
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Map();
    for (const colour of new Uint32Array(data.buffer)) pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
    [...pixels.values()].filter((count) => count > 200).length;
  }`);

const animations = (page: Page): Promise<number> =>
  page.evaluate<number>(`["battery-gauge", "power-flow"]
    .map((name) => ${inPage("vehicle-hero")}.shadowRoot.querySelector(name).shadowRoot.getAnimations().length)
    .reduce((sum, each) => sum + each)`);

const cardColour = (frame: Frame): Promise<string> =>
  frame.evaluate<string>(`getComputedStyle(${inPage("vehicle-hero", ".card")}).backgroundColor`);
