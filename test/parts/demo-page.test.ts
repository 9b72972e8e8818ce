import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundlePage } from "../../src/web/bundle.ts";
import { CarportProcess } from "../carport-process.ts";
import { openBrowser } from "../setup/browser.ts";
import { describeWith } from "../setup/describe-with.ts";
import { chromium } from "../setup/real-part.ts";

const screenshots = join(import.meta.dirname, "../../dist/screenshots");

describeWith([chromium], "the page of the demo garage", () => {
  let carport: CarportProcess;
  let browser: Browser;
  beforeAll(async () => {
    await bundlePage();
    carport = await CarportProcess.create();
    const started = performance.now();
    await carport.start();
    console.log(`demo garage: page served ${Math.round(performance.now() - started)} ms after its start`);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await carport?.dispose();
  });

  test("with nothing configured a simulated Leaf drives into the page, and out of a restart again", async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    const opened = performance.now();
    await page.goto(carport.url);
    const leaf = page.getByRole("link", { name: "Demo Leaf" });
    await leaf.getByText(/^\s*\d+\.\d\s+%\s*$/).waitFor();
    console.log(`demo garage: first values painted ${Math.round(performance.now() - opened)} ms after navigation`);
    await page.screenshot({ path: join(screenshots, "demo-garage-phone.png") });
    await leaf.click();
    const charge = page.locator("vehicle-hero .charge");
    expect(await charge.textContent()).toMatch(/^\d+\.\d%$/);
    await page.locator("history-chart canvas").waitFor();
    const speed = page.locator("value-tile .card").first();
    await expect.poll(() => speed.textContent(), { timeout: 60_000 }).toMatch(/Speed\s+[1-9]/);
    await page.screenshot({ path: join(screenshots, "demo-phone.png"), fullPage: true });

    await carport.stop();
    await page.getByText("The connection to Carport is lost.").waitFor();
    expect(await charge.textContent()).toMatch(/^\d+\.\d%$/);
    await carport.start();
    await page.getByText("The connection to Carport is lost.").waitFor({ state: "detached" });
    await expect.poll(() => speed.textContent()).toMatch(/now/);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(screenshots, "demo-desktop.png"), fullPage: true });
    expect(complaints).toEqual([]);
  });
});
