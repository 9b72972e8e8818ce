import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { LiveGarage } from "../live/live-garage.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import "./first-run.ts";
import "./vehicle-card.ts";

/** All vehicles of the household at a glance. */
export class GaragePage extends LitElement {
  static override properties = { garage: { attribute: false }, now: { attribute: false } };
  declare garage: LiveGarage;
  declare now: number;

  static override styles = [
    shared,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
        gap: var(--gap);
      }
      li {
        list-style: none;
      }
      .found {
        display: flex;
        align-items: center;
        gap: 10px;
        margin-bottom: var(--gap);
        padding: 14px 20px;
        color: inherit;
        font-weight: 500;
        text-decoration: none;
      }
      .found .icon {
        color: var(--accent);
      }
      .found span {
        flex: 1;
      }
    `,
  ];

  override render(): TemplateResult {
    const { garage, now } = this;
    const { vehicles = [] } = garage;
    if (vehicles.length === 0) return this.#empty();
    return html`${garage.found > 0 ? this.#found(garage.found) : ""}
    <ul aria-label=${text("vehicles")}>
      ${repeat(
        vehicles,
        ({ id }) => id,
        (vehicle) => html`<li><vehicle-card .garage=${garage} .vehicle=${vehicle} .now=${now}></vehicle-card></li>`,
      )}
    </ul>`;
  }

  #empty(): TemplateResult {
    const { found } = this.garage;
    return html`${found > 0 ? this.#found(found) : ""}
      <first-run></first-run>`;
  }

  #found(n: number): TemplateResult {
    return html`<a class="found card" href="#/devices">
      ${icon("search")} <span>${text("found.waiting", { n })}</span> ${icon("chevron")}
    </a>`;
  }
}

customElements.define("garage-page", GaragePage);
