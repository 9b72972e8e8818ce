import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import "../look/empty-note.ts";
import { shared } from "../look/shared-styles.ts";
import { text } from "../texts/text.ts";
import "./device-card.ts";

/** What was found, and what reads which vehicle. */
export class DevicesPage extends LitElement {
  static override properties = { garage: { attribute: false }, now: { attribute: false } };
  declare garage: LiveGarage;
  declare now: number;

  static override styles = [
    shared,
    css`
      section + section {
        margin-top: 24px;
      }
      h2 {
        padding: 0 4px 8px;
        font-size: 1rem;
        font-weight: 600;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr));
        gap: var(--gap);
        align-items: start;
      }
      li {
        list-style: none;
      }
    `,
  ];

  override render(): TemplateResult {
    const { vehicles = [], unassigned } = this.garage;
    const isFound = ({ state }: LiveDevice) => state === "discovered";
    const found = [...unassigned, ...vehicles.flatMap(({ devices }) => devices)].filter(isFound);
    const loose = unassigned.filter((device) => !isFound(device));
    const empty = unassigned.length === 0 && vehicles.every(({ devices }) => devices.length === 0);
    return html`
      ${empty ? this.#empty() : ""}
      ${this.#group(text("devices.found"), undefined, found)}
      ${vehicles.map((vehicle) =>
        this.#group(
          vehicle.name,
          vehicle,
          vehicle.devices.filter((device) => !isFound(device)),
        ),
      )}
      ${this.#group(text("devices.loose"), undefined, loose)}
    `;
  }

  #empty(): TemplateResult {
    return html`<empty-note
      .icon=${"devices"}
      .heading=${text("devices.empty.title")}
      .words=${text("devices.empty.text")}
      .next=${text("empty.next")}
    ></empty-note>`;
  }

  #group(title: string, vehicle: LiveVehicle | undefined, devices: readonly LiveDevice[]): TemplateResult | string {
    if (devices.length === 0) return "";
    return html`<section>
      <h2>${title}</h2>
      <ul>
        ${repeat(
          devices,
          ({ id }) => id,
          (device) => html`<li>
            <device-card .garage=${this.garage} .device=${device} .vehicle=${vehicle} .now=${this.now}></device-card>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

customElements.define("devices-page", DevicesPage);
