import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type BuiltFile, bundlePage } from "../src/web/bundle.ts";
import { openBrowser } from "./setup/browser.ts";

const screenshots = join(import.meta.dirname, "../dist/screenshots");
export const phone = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 };
export const desktop = { viewport: { width: 1280, height: 900 } };

/** The built page, and a browser to look at it with. */
export class BrowserPages {
  /** The page's files. */
  readonly folder: string;
  readonly built: readonly BuiltFile[];
  /** What a person would find in the browser's console. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  private constructor(folder: string, built: readonly BuiltFile[], browser: Browser) {
    this.folder = folder;
    this.built = built;
    this.#browser = browser;
  }

  static async create(): Promise<BrowserPages> {
    const folder = await mkdtemp(join(tmpdir(), "carport-page-"));
    await mkdir(screenshots, { recursive: true });
    return new BrowserPages(folder, await bundlePage(folder), await openBrowser());
  }

  async open(url: string, options: BrowserContextOptions = phone): Promise<Page> {
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    await page.goto(url);
    return page;
  }

  /** Closes all pages. */
  async clear(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
    this.complaints.length = 0;
  }

  async dispose(): Promise<void> {
    await this.#browser.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The whole page, with the bar at its end rather than in its middle. */
export async function shoot(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? phone.viewport;
  const height = Math.max(size.height, await page.evaluate<number>("document.documentElement.scrollHeight"));
  await page.setViewportSize({ width: size.width, height });
  await page.screenshot({ path: join(screenshots, `page-${name}.png`) });
  await page.setViewportSize(size);
}
