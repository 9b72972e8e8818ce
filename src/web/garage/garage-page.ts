import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { LiveGarage } from "../live/live-garage.ts";
import "../look/empty-note.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
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
    `,
  ];

  override render(): TemplateResult {
    const { garage, now } = this;
    const { vehicles = [] } = garage;
    if (vehicles.length === 0) {
      return html`<empty-note
        .icon=${"garage"}
        .heading=${text("empty.title")}
        .words=${text("empty.text")}
        .next=${text("empty.next")}
      ></empty-note>`;
    }
    return html`<ul aria-label=${text("vehicles")}>
      ${repeat(
        vehicles,
        ({ id }) => id,
        (vehicle) => html`<li><vehicle-card .garage=${garage} .vehicle=${vehicle} .now=${now}></vehicle-card></li>`,
      )}
    </ul>`;
  }
}

customElements.define("garage-page", GaragePage);
