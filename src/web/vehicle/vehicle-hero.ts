import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveVehicle } from "#api/contract/live.ts";
import type { Reading } from "../live/reading.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatTime, formatValue } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import "./battery-gauge.ts";
import "./mood-badge.ts";
import "./power-flow.ts";
import type { VehicleView } from "./vehicle-view.ts";

/** The vehicle at a glance: what it does, how full it is, how far it gets, where the power goes. */
export class VehicleHero extends LitElement {
  static override properties = { vehicle: { attribute: false }, view: { attribute: false }, now: { attribute: false } };
  declare vehicle: LiveVehicle;
  declare view: VehicleView;
  declare now: number;

  static override styles = [
    shared,
    css`
      .card {
        padding: 20px 20px 16px;
      }
      header {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 32px;
      }
      h1 {
        flex: 1;
        min-width: 0;
        font-size: 1.25rem;
        font-weight: 600;
        line-height: 1.25;
        overflow-wrap: break-word;
      }
      header > .icon {
        width: 28px;
        height: 28px;
        color: var(--quiet);
      }
      .figures {
        display: flex;
        align-items: flex-end;
        justify-content: space-between;
        gap: 16px;
        margin: 20px 0 12px;
      }
      .charge {
        font-size: 4rem;
        font-weight: 600;
        line-height: 0.9;
        letter-spacing: -0.03em;
        color: var(--figure, inherit);
      }
      .charge .unit {
        margin-left: 4px;
        font-size: 1.5rem;
        font-weight: 400;
        letter-spacing: 0;
      }
      .range {
        font-size: 1.5rem;
        font-weight: 600;
        line-height: 1;
        white-space: nowrap;
        color: var(--figure, inherit);
      }
      .range .unit {
        font-size: 1rem;
        font-weight: 400;
      }
      .ages {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        margin-top: 8px;
      }
      power-flow,
      .note {
        margin-top: 16px;
        padding-top: 16px;
        border-top: 1px solid var(--line);
      }
      .note {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 72px;
      }
      .note .icon {
        color: var(--asleep);
      }
    `,
  ];

  override render(): TemplateResult {
    const { charge, auxiliary, mood, since = this.now, flow, power } = this.view;
    return html`<section class="card" aria-label=${this.vehicle.name}>
      <header>
        ${icon(this.vehicle.kind)}
        <h1>${this.vehicle.name}</h1>
        <div role="status"><mood-badge .mood=${mood}></mood-badge></div>
      </header>
      ${charge || !auxiliary ? this.#traction() : this.#starter(auxiliary)}
      ${
        mood === "asleep"
          ? html`<p class="note quiet">${icon("moon")} ${text("asleep.note", { time: formatTime(since, this.now) })}</p>`
          : power || charge || !auxiliary
            ? html`<power-flow .flow=${flow} .power=${power}></power-flow>`
            : ""
      }
    </section>`;
  }

  #traction(): TemplateResult {
    const { charge, range, flow } = this.view;
    return html`<div class="figures">
        <div class="charge number">${formatValue(charge)}<span class="unit quiet">%</span></div>
        <div class="range number">${formatValue(range)} <span class="unit quiet">${range?.signal.unit ?? "km"}</span></div>
      </div>
      <battery-gauge .percent=${charge?.value} .charging=${flow === "charging"}></battery-gauge>
      <div class="ages quiet small number">
        <span>${text("charge")} · ${formatAge(charge?.time, this.now)}</span>
        <span>${text("range")} · ${formatAge(range?.time, this.now)}</span>
      </div>`;
  }

  /** A vehicle of which only the 12 V battery is known. */
  #starter(auxiliary: Reading): TemplateResult {
    return html`<div class="figures">
        <div class="charge number">${formatValue(auxiliary)}<span class="unit quiet">${auxiliary.signal.unit}</span></div>
      </div>
      <div class="ages quiet small number">
        <span>${text("12v")} · ${formatAge(auxiliary.time, this.now)}</span>
      </div>`;
  }
}

customElements.define("vehicle-hero", VehicleHero);
