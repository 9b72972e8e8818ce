import { css, html, LitElement, type TemplateResult } from "lit";
import type { Reading } from "../live/reading.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatValue } from "../texts/format.ts";

/** Longer words than these letters are set smaller. */
const LONG = 8;

/** One value: what it is, how much, how old. */
export class ValueTile extends LitElement {
  static override properties = { label: {}, icon: {}, reading: { attribute: false }, now: { attribute: false } };
  declare label: string;
  declare icon: IconName;
  declare reading: Reading | undefined;
  declare now: number;

  static override styles = [
    shared,
    css`
      .card {
        display: grid;
        gap: 6px;
        height: 100%;
        padding: 14px 16px;
      }
      .label {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      .label span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .value {
        font-size: 1.5rem;
        font-weight: 600;
        line-height: 1.2;
        letter-spacing: -0.01em;
        color: var(--figure, inherit);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .long {
        font-size: 1.125rem;
        line-height: 1.6;
      }
      .unit {
        font-size: 0.9375rem;
        font-weight: 400;
      }
    `,
  ];

  override render(): TemplateResult {
    const { reading } = this;
    const known = reading?.value !== undefined;
    const value = formatValue(reading);
    const long = value.length > LONG;
    return html`<div class="card">
      <div class="label quiet small">${icon(this.icon)}<span>${this.label}</span></div>
      <div class="value number ${long ? "long" : ""}">
        ${value}
        ${known && reading.signal.unit ? html`<span class="unit quiet">${reading.signal.unit}</span>` : ""}
      </div>
      <div class="quiet small number">${formatAge(reading?.time, this.now)}</div>
    </div>`;
  }
}

customElements.define("value-tile", ValueTile);
