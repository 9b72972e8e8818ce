import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import { GarageController } from "./live/garage-controller.ts";
import { LiveConnection } from "./live/live-connection.ts";
import { LiveGarage } from "./live/live-garage.ts";
import { followHomeAssistantTheme } from "./look/home-assistant-theme.ts";
import { icon } from "./look/icons.ts";
import { shared } from "./look/shared-styles.ts";
import "./page-bar.ts";
import { type Route, routeOf } from "./route.ts";
import { language } from "./texts/locale.ts";
import { type TextKey, text } from "./texts/text.ts";

followHomeAssistantTheme();
document.documentElement.lang = language;

/** Each page is a file of its own, loaded when it is first opened. */
const pages: Readonly<Record<Route["page"], () => Promise<unknown>>> = {
  garage: () => import("./garage/garage-page.ts"),
  vehicle: () => import("./vehicle/vehicle-page.ts"),
  devices: () => import("./devices/devices-page.ts"),
  settings: () => import("./settings/settings-page.ts"),
  system: () => import("./system/system-page.ts"),
};
const titles: Readonly<Record<Route["page"], TextKey>> = {
  garage: "nav.garage",
  vehicle: "nav.garage",
  devices: "nav.devices",
  settings: "nav.settings",
  system: "nav.system",
};

/** The frame around all pages. The page shown is in the address, so that it can be bookmarked. */
export class CarportPage extends LitElement {
  static override properties = { route: { state: true }, failed: { state: true } };
  declare route: Route;
  /** The page's file could not be loaded. */
  declare failed: boolean;
  readonly #garage = new LiveGarage();
  readonly #connection = new LiveConnection(this.#garage);
  #loaded: Route["page"] | undefined;
  /** Each return of the connection is a chance to load what could not be loaded. */
  #triedAt = 0;

  static override styles = [
    shared,
    css`
      :host {
        max-width: 1180px;
        margin: 0 auto;
        padding: var(--gap) max(var(--gap), env(safe-area-inset-right)) 96px max(var(--gap), env(safe-area-inset-left));
      }
      .vehicles {
        display: flex;
        gap: 6px;
        margin-bottom: var(--gap);
        overflow-x: auto;
        scrollbar-width: none;
      }
      .vehicles a {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        padding: 0 14px;
        border-radius: 999px;
        color: var(--quiet);
        text-decoration: none;
        white-space: nowrap;
      }
      .vehicles a[aria-current] {
        background: var(--surface);
        color: var(--text);
        font-weight: 500;
        box-shadow: var(--shadow);
      }
      .lost {
        display: flex;
        align-items: center;
        gap: 10px;
        margin-bottom: var(--gap);
        padding: 12px 16px;
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--low) 14%, var(--surface));
      }
      .lost .icon {
        color: var(--low);
      }
      .stale {
        filter: saturate(0.2);
      }
      .starting {
        padding: 96px 0;
        text-align: center;
      }
      @media (min-width: 900px) {
        :host {
          padding-bottom: 32px;
        }
      }
    `,
  ];

  constructor() {
    super();
    new GarageController(this, this.#garage);
    this.route = routeOf(location.hash);
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#moved);
    this.#connection.start(vehicleOf(this.route));
    // While the first frame is on its way.
    this.#load(this.route.page);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#moved);
    this.#connection.stop();
  }

  override updated(): void {
    const place = this.#current()?.name ?? text(titles[this.route.page]);
    document.title = `${place} · ${text("title")}`;
  }

  override render(): TemplateResult {
    const { vehicles, connection } = this.#garage;
    const lost = connection === "lost";
    return html`
      <page-bar .page=${this.route.page} .waiting=${this.#garage.found}></page-bar>
      <div role="status">
        ${lost && vehicles ? html`<div class="lost">${icon("unlinked")} ${text("server.lost")}</div>` : ""}
      </div>
      ${this.route.page === "vehicle" && vehicles && vehicles.length > 1 ? this.#switcher(vehicles) : ""}
      <main class=${lost ? "stale" : ""}>${vehicles ? this.#content() : this.#starting("server.connecting")}</main>
    `;
  }

  #content(): TemplateResult {
    const vehicle = this.#current();
    const page = vehicle ? "vehicle" : this.route.page === "vehicle" ? "garage" : this.route.page;
    this.#load(page);
    if (this.failed) return this.#starting("page.failed");
    const garage = this.#garage;
    const now = garage.now();
    switch (page) {
      case "vehicle":
        return html`<vehicle-page .garage=${garage} .vehicle=${vehicle} .now=${now}></vehicle-page>`;
      case "garage":
        return html`<garage-page .garage=${garage} .now=${now}></garage-page>`;
      case "devices":
        return html`<devices-page .garage=${garage} .now=${now}></devices-page>`;
      case "settings":
        return html`<settings-page></settings-page>`;
      case "system":
        return html`<system-page .garage=${garage} .now=${now}></system-page>`;
    }
  }

  #starting(words: TextKey): TemplateResult {
    return html`<p class="starting quiet">${text(words)}</p>`;
  }

  #switcher(vehicles: readonly LiveVehicle[]): TemplateResult {
    const current = this.#current();
    return html`<nav class="vehicles" aria-label=${text("vehicles")}>
      ${vehicles.map(
        (vehicle) => html`<a href="#/vehicles/${vehicle.id}" aria-current=${vehicle === current ? "page" : nothing}>
          ${icon(vehicle.kind)} ${vehicle.name}
        </a>`,
      )}
    </nav>`;
  }

  /** A garage of one vehicle is that vehicle. */
  #current(): LiveVehicle | undefined {
    const { vehicles = [] } = this.#garage;
    const { route } = this;
    if (route.page === "vehicle") return vehicles.find(({ id }) => id === route.vehicle);
    return route.page === "garage" && vehicles.length === 1 ? vehicles[0] : undefined;
  }

  #load(page: Route["page"]): void {
    const { connections } = this.#garage;
    if (page === this.#loaded && (!this.failed || connections === this.#triedAt)) return;
    this.#loaded = page;
    this.#triedAt = connections;
    const failed = (is: boolean) => () => {
      if (page === this.#loaded) this.failed = is;
    };
    pages[page]().then(failed(false), failed(true));
  }

  readonly #moved = (): void => {
    this.route = routeOf(location.hash);
    this.#connection.watch(vehicleOf(this.route));
    window.scrollTo(0, 0);
  };
}

const vehicleOf = (route: Route): string | undefined => (route.page === "vehicle" ? route.vehicle : undefined);

customElements.define("carport-page", CarportPage);
