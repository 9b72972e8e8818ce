import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import { GarageController } from "./live/garage-controller.ts";
import { LiveConnection } from "./live/live-connection.ts";
import { LiveGarage } from "./live/live-garage.ts";
import { followHomeAssistantTheme } from "./look/home-assistant-theme.ts";
import { icon } from "./look/icons.ts";
import { shared } from "./look/shared-styles.ts";
import { text } from "./texts/text.ts";
import "./vehicle/empty-note.ts";
import "./vehicle/vehicle-page.ts";

followHomeAssistantTheme();

/** The whole page. The vehicle shown is in the address, `#/vehicles/<id>`, so that it can be bookmarked. */
export class CarportPage extends LitElement {
  readonly #garage = new LiveGarage();
  readonly #connection = new LiveConnection(this.#garage);

  static override styles = [
    shared,
    css`
      :host {
        max-width: 1180px;
        margin: 0 auto;
        padding: var(--gap) max(var(--gap), env(safe-area-inset-right)) 32px max(var(--gap), env(safe-area-inset-left));
      }
      nav {
        display: flex;
        gap: 6px;
        margin-bottom: var(--gap);
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
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
      nav a[aria-current] {
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
    `,
  ];

  constructor() {
    super();
    new GarageController(this, this.#garage);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#moved);
    this.#connection.start(vehicleInAddress());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#moved);
    this.#connection.stop();
  }

  override updated(): void {
    const name = this.#current(this.#garage.vehicles ?? [])?.name;
    document.title = name ? `${name} · ${text("title")}` : text("title");
  }

  override render(): TemplateResult {
    const { vehicles, connection } = this.#garage;
    const lost = connection === "lost";
    return html`
      ${vehicles && vehicles.length > 1 ? this.#switcher(vehicles) : ""}
      <div role="status">
        ${lost && vehicles ? html`<div class="lost">${icon("unlinked")} ${text("server.lost")}</div>` : ""}
      </div>
      <main class=${lost ? "stale" : ""}>${this.#content(vehicles)}</main>
    `;
  }

  #content(vehicles: readonly LiveVehicle[] | undefined): TemplateResult {
    if (!vehicles) return html`<p class="starting quiet">${text("server.connecting")}</p>`;
    const vehicle = this.#current(vehicles);
    if (vehicle) {
      const garage = this.#garage;
      return html`<vehicle-page .garage=${garage} .vehicle=${vehicle} .now=${garage.now()}></vehicle-page>`;
    }
    return html`<empty-note
      .icon=${"car"}
      .heading=${text("empty.title")}
      .words=${text("empty.text")}
      .next=${text("empty.next")}
    ></empty-note>`;
  }

  #switcher(vehicles: readonly LiveVehicle[]): TemplateResult {
    const current = this.#current(vehicles);
    return html`<nav aria-label=${text("vehicles")}>
      ${vehicles.map(
        (vehicle) => html`<a href="#/vehicles/${vehicle.id}" aria-current=${vehicle === current ? "page" : nothing}>
          ${icon(vehicle.kind)} ${vehicle.name}
        </a>`,
      )}
    </nav>`;
  }

  #current(vehicles: readonly LiveVehicle[]): LiveVehicle | undefined {
    const wanted = vehicleInAddress();
    return vehicles.find(({ id }) => id === wanted) ?? vehicles[0];
  }

  readonly #moved = (): void => {
    this.#connection.watch(vehicleInAddress());
    this.requestUpdate();
  };
}

const vehicleInAddress = (): string | undefined => /^#\/vehicles\/([a-z0-9_-]+)$/.exec(location.hash)?.[1];

customElements.define("carport-page", CarportPage);
