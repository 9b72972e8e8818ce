import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { text } from "../texts/text.ts";

const LOW_PERCENT = 20;
const EMPTY_PERCENT = 8;

/** How full the battery is, as a battery. */
export class BatteryGauge extends LitElement {
  static override properties = { percent: { type: Number }, charging: { type: Boolean, reflect: true } };
  /** Undefined: not known. */
  declare percent: number | undefined;
  declare charging: boolean;

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 3px;
      --fill: var(--in);
    }
    :host([level="low"]) {
      --fill: var(--low);
    }
    :host([level="empty"]) {
      --fill: var(--empty);
    }
    .body {
      position: relative;
      flex: 1;
      height: 34px;
      padding: 4px;
      border-radius: 11px;
      background: var(--well);
    }
    .cap {
      width: 4px;
      height: 14px;
      border-radius: 1px 3px 3px 1px;
      background: var(--well);
    }
    .track {
      height: 100%;
      border-radius: 7px;
      overflow: hidden;
    }
    .fill {
      height: 100%;
      width: calc(var(--percent, 0) * 1%);
      min-width: 3px;
      border-radius: 7px;
      background-color: color-mix(in srgb, var(--fill) var(--vivid, 100%), var(--well));
      transition: width 0.6s ease-out;
    }
    :host([level="unknown"]) .fill {
      visibility: hidden;
    }
    :host([charging]) .fill {
      background-image: linear-gradient(90deg, transparent 0 35%, rgb(255 255 255 / 35%) 50%, transparent 65%);
      background-size: 220px 100%;
      animation: sweep 2.2s linear infinite;
    }
    @keyframes sweep {
      from {
        background-position-x: -220px;
      }
      to {
        background-position-x: 0;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .fill {
        transition: none;
      }
      :host([charging]) .fill {
        animation: none;
        background-image: none;
      }
    }
  `;

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("percent")) return;
    this.setAttribute("level", levelOf(this.percent));
    this.style.setProperty("--percent", String(Math.min(100, Math.max(0, this.percent ?? 0))));
  }

  override render(): TemplateResult {
    return html`<div
        class="body"
        role="meter"
        aria-label=${text("charge")}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${this.percent ?? 0}
        aria-valuetext=${this.percent === undefined ? text("age.never") : `${this.percent} %`}
      >
        <div class="track"><div class="fill"></div></div>
      </div>
      <div class="cap"></div>`;
  }
}

function levelOf(percent: number | undefined): string {
  if (percent === undefined) return "unknown";
  if (percent < EMPTY_PERCENT) return "empty";
  return percent < LOW_PERCENT ? "low" : "good";
}

customElements.define("battery-gauge", BatteryGauge);
