import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Reading } from "../live/reading.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatNumber } from "../texts/format.ts";
import { text } from "../texts/text.ts";
import type { Flow } from "./vehicle-view.ts";

/** Socket, battery and wheels, and where power runs between them. */
export class PowerFlow extends LitElement {
  static override properties = { flow: { reflect: true }, power: { attribute: false } };
  declare flow: Flow;
  declare power: Reading | undefined;

  static override styles = [
    shared,
    css`
      .way {
        display: grid;
        grid-template-columns: auto 1fr auto 1fr auto;
        align-items: center;
        gap: 6px;
        --colour: var(--quiet);
      }
      .node {
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        border-radius: 50%;
        background: var(--sunken);
        color: var(--quiet);
        transition: color 0.3s;
      }
      .battery {
        color: var(--text);
      }
      .link {
        height: 4px;
        border-radius: 2px;
        background: var(--sunken);
      }
      .link.on {
        height: 6px;
        background: radial-gradient(circle at 7px 3px, var(--colour) 0 3px, transparent 3.5px) 0 0 / 14px 6px repeat-x;
        animation: run var(--seconds, 1s) linear infinite var(--motion, running);
      }
      .link.back {
        animation-direction: reverse;
      }
      .node.on {
        color: var(--colour);
      }
      :host([flow="charging"]) .way,
      :host([flow="regenerating"]) .way {
        --colour: var(--in);
      }
      :host([flow="driving"]) .way,
      :host([flow="drawing"]) .way {
        --colour: var(--out);
      }
      @keyframes run {
        to {
          background-position-x: 14px;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .link.on {
          animation: none;
        }
      }
      p {
        display: flex;
        justify-content: center;
        align-items: baseline;
        gap: 8px;
        margin-top: 10px;
        min-height: 1.75rem;
      }
      .number {
        font-size: 1.25rem;
        font-weight: 600;
      }
    `,
  ];

  override updated(changed: PropertyValues<this>): void {
    // One step of the dots: quicker with more power, and never hectic.
    const kilowatts = Math.abs(this.power?.value ?? 0);
    if (changed.has("power")) this.style.setProperty("--seconds", `${(1.4 / (1 + kilowatts / 12)).toFixed(1)}s`);
  }

  override render(): TemplateResult {
    const plug = this.flow === "charging";
    const wheels = this.flow === "driving" || this.flow === "regenerating";
    const flows = plug || wheels || this.flow === "drawing";
    return html`
      <div class="way" aria-hidden="true">
        <div class="node ${plug ? "on" : ""}">${icon("plug")}</div>
        <div class="link ${plug ? "on" : ""}"></div>
        <div class="node battery ${flows ? "on" : ""}">${icon("battery")}</div>
        <div class="link ${wheels ? "on" : ""} ${this.flow === "regenerating" ? "back" : ""}"></div>
        <div class="node ${wheels ? "on" : ""}">${icon("wheel")}</div>
      </div>
      <p>
        ${flows ? html`<span class="number">${this.#amount()}</span>` : ""}
        <span class="quiet">${text(`flow.${this.flow}`)}</span>
      </p>
    `;
  }

  #amount(): string {
    const { signal, value } = this.power ?? {};
    if (signal === undefined || value === undefined) return text("value.none");
    return `${formatNumber(Math.abs(value), Math.min(1, signal.precision ?? 1))}\u00a0${signal.unit ?? ""}`;
  }
}

customElements.define("power-flow", PowerFlow);
