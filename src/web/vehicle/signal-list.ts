import { css, html, LitElement, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Reading } from "../live/reading.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatWithUnit } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import { idOf } from "./chart-card.ts";

const groups = ["drive", "battery", "charge", "climate", "body", "12v", "diagnostic"] as const;

/** Every value there is, by group. Choosing a number shows it in the chart: event `choose-signal` with its id. */
export class SignalList extends LitElement {
  static override properties = { readings: { attribute: false }, now: { attribute: false } };
  declare readings: readonly Reading[];
  declare now: number;
  readonly #open = new Set<string>();

  static override styles = [
    shared,
    css`
      h2 {
        font-size: 1rem;
        font-weight: 600;
        padding: 0 4px 8px;
      }
      .card {
        padding: 0;
        overflow: hidden;
      }
      details + details {
        border-top: 1px solid var(--line);
      }
      summary {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 52px;
        padding: 0 16px;
        cursor: pointer;
        list-style: none;
        font-weight: 500;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:focus-visible,
      button:focus-visible {
        outline-offset: -3px;
      }
      summary .icon {
        margin-left: auto;
        color: var(--quiet);
        transition: rotate 0.2s;
      }
      details[open] summary .icon {
        rotate: 90deg;
      }
      li {
        list-style: none;
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto 4.4em;
        align-items: baseline;
        gap: 10px;
        width: 100%;
        min-height: 40px;
        padding: 8px 16px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
      }
      button.row {
        cursor: pointer;
      }
      button.row:hover {
        background: var(--sunken);
      }
      ul {
        padding-bottom: 8px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .value {
        font-weight: 500;
        text-align: end;
      }
      .age {
        text-align: end;
      }
      @media (prefers-reduced-motion: reduce) {
        summary .icon {
          transition: none;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<h2>${text("signals.title")}</h2>
      <div class="card">${groups.map((group) => this.#group(group))}</div>`;
  }

  #group(group: (typeof groups)[number]): TemplateResult | undefined {
    const readings = this.readings.filter(({ signal }) => signal.group === group);
    if (readings.length === 0) return undefined;
    const toggled = ({ target }: Event) => {
      if (!(target instanceof HTMLDetailsElement)) return;
      if (target.open) this.#open.add(group);
      else this.#open.delete(group);
      this.requestUpdate();
    };
    return html`<details @toggle=${toggled}>
      <summary>
        ${text(`group.${group}`)} <span class="quiet small number">${readings.length}</span> ${icon("chevron")}
      </summary>
      ${this.#open.has(group) ? this.#rows(readings) : ""}
    </details>`;
  }

  #rows(readings: readonly Reading[]): TemplateResult {
    return html`<ul>
      ${repeat(
        readings,
        ({ device, signal }) => `${device}.${signal.key}`,
        (reading) => html`<li>${this.#row(reading)}</li>`,
      )}
    </ul>`;
  }

  #row(reading: Reading): TemplateResult {
    const { signal, time } = reading;
    const cells = html`<span class="name">${signal.name}</span>
      <span class="value number">${formatWithUnit(reading)}</span>
      <span class="age quiet small number">${formatAge(time, this.now)}</span>`;
    if (signal.type !== "number") return html`<div class="row">${cells}</div>`;
    const show = () => this.dispatchEvent(new CustomEvent("choose-signal", { detail: idOf(reading), bubbles: true }));
    return html`<button class="row" title=${text("signals.show", { name: signal.name })} @click=${show}>${cells}</button>`;
  }
}

customElements.define("signal-list", SignalList);
