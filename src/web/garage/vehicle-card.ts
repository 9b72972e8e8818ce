import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import type { Reading } from "../live/reading.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatTime, formatValue } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import "../vehicle/battery-gauge.ts";
import "../vehicle/mood-badge.ts";
import { type VehicleView, viewVehicle } from "../vehicle/vehicle-view.ts";

/** One vehicle in the garage: how it is, how full, and what is wrong with it. Leads to its page. */
export class VehicleCard extends LitElement {
  static override properties = {
    garage: { attribute: false },
    vehicle: { attribute: false },
    now: { attribute: false },
  };
  declare garage: LiveGarage;
  declare vehicle: LiveVehicle;
  declare now: number;

  static override styles = [
    shared,
    css`
      :host,
      a {
        height: 100%;
      }
      a {
        display: flex;
        flex-direction: column;
        gap: 14px;
        color: inherit;
        text-decoration: none;
      }
      header {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      header > .icon {
        width: 28px;
        height: 28px;
        color: var(--quiet);
      }
      h2 {
        flex: 1;
        min-width: 0;
        font-size: 1.125rem;
        font-weight: 600;
        line-height: 1.25;
        overflow-wrap: anywhere;
      }
      .resting {
        --figure: var(--quiet);
        --vivid: 50%;
      }
      .values {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(88px, 1fr));
        gap: 12px;
        margin-top: auto;
      }
      .value {
        font-size: 1.5rem;
        font-weight: 600;
        line-height: 1.2;
        letter-spacing: -0.01em;
        color: var(--figure, inherit);
        white-space: nowrap;
      }
      .label {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .unit {
        font-size: 0.9375rem;
        font-weight: 400;
      }
      .line {
        display: flex;
        align-items: flex-start;
        gap: 8px;
      }
      .fault .icon {
        color: var(--low);
      }
      .asleep .icon {
        color: var(--asleep);
      }
    `,
  ];

  override render(): TemplateResult {
    const { vehicle, garage } = this;
    const readings = vehicle.devices.flatMap(({ id }) => garage.readings(id));
    const view = viewVehicle(vehicle, readings);
    const resting = garage.connection === "lost" || !["driving", "charging", "parked"].includes(view.mood);
    return html`<a class="card ${resting ? "resting" : ""}" href="#/vehicles/${vehicle.id}" aria-label=${vehicle.name}>
      <header>
        ${icon(vehicle.kind)}
        <h2>${vehicle.name}</h2>
        <mood-badge .mood=${view.mood}></mood-badge>
      </header>
      ${view.charge ? html`<battery-gauge .percent=${view.charge.value} .charging=${view.flow === "charging"}></battery-gauge>` : ""}
      ${this.#note(view)}
      <div class="values">
        ${view.charge ? this.#value("battery", text("charge"), view.charge) : ""}
        ${view.range ? this.#value("range", text("range"), view.range) : ""}
        ${view.auxiliary ? this.#value("12v", "12 V", view.auxiliary) : ""}
      </div>
    </a>`;
  }

  #note({ mood, since }: VehicleView): TemplateResult | string {
    const fault = this.vehicle.devices.find((device) => device.enabled && device.fault)?.fault;
    if (fault) return html`<p class="line fault small">${icon("alert")} <span>${fault.message}</span></p>`;
    if (mood === "asleep" && since !== undefined) {
      const words = text("asleep.note", { time: formatTime(since, this.now) });
      return html`<p class="line asleep quiet small">${icon("moon")} <span>${words}</span></p>`;
    }
    if (mood === "none") {
      const words = text("nodevice.text", { vehicle: this.vehicle.name });
      return html`<p class="quiet small">${words} ${text("nodevice.next")}</p>`;
    }
    return "";
  }

  #value(name: IconName, label: string, reading: Reading): TemplateResult {
    return html`<div>
      <div class="label quiet small">${icon(name)} ${label}</div>
      <div class="value number">${formatValue(reading)}
        <span class="unit quiet">${reading.value === undefined ? "" : reading.signal.unit}</span></div>
      <div class="quiet small number">${formatAge(reading.time, this.now)}</div>
    </div>`;
  }
}

customElements.define("vehicle-card", VehicleCard);
