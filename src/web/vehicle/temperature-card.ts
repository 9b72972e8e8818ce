import { css, html, LitElement, type TemplateResult } from "lit";
import type { Reading } from "../live/reading.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatValue } from "../texts/format.ts";
import { text } from "../texts/text.ts";

/** All temperatures of a vehicle beside each other. */
export class TemperatureCard extends LitElement {
  static override properties = { readings: { attribute: false }, now: { attribute: false } };
  declare readings: readonly Reading[];
  declare now: number;

  static override styles = [
    shared,
    css`
      .card {
        padding: 14px 16px;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 6px;
        font-weight: 400;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(84px, 1fr));
        gap: 12px;
        margin-top: 8px;
      }
      .value {
        font-size: 1.25rem;
        font-weight: 600;
        white-space: nowrap;
        color: var(--figure, inherit);
      }
      .unit {
        font-size: 0.875rem;
        font-weight: 400;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<section class="card">
      <h2 class="quiet small">${icon("temperature")} ${text("temperatures")}</h2>
      <dl>${this.readings.map((reading) => this.#temperature(reading))}</dl>
    </section>`;
  }

  #temperature(reading: Reading): TemplateResult {
    // The heading says already what they are.
    const name = reading.signal.name.replace(/ temperature$/i, "");
    return html`<div>
      <dt class="small">${name}</dt>
      <dd class="value number">${formatValue(reading)} <span class="unit quiet">${reading.signal.unit}</span></dd>
      <dd class="quiet small number">${formatAge(reading.time, this.now)}</dd>
    </div>`;
  }
}

customElements.define("temperature-card", TemperatureCard);
