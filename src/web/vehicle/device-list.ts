import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveDevice } from "#api/contract/live.ts";
import { icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatTime } from "../texts/format.ts";
import { text } from "../texts/text.ts";

/** What reads the vehicle, how it is, and what to do about it. */
export class DeviceList extends LitElement {
  static override properties = { devices: { attribute: false }, now: { attribute: false } };
  declare devices: readonly LiveDevice[];
  declare now: number;

  static override styles = [
    shared,
    css`
      h2 {
        font-size: 1rem;
        font-weight: 600;
        padding: 0 4px 8px;
      }
      .card {
        padding: 4px 16px;
      }
      li {
        list-style: none;
        padding: 12px 0;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 12px;
      }
      .name {
        font-weight: 500;
      }
      .fault {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 10px;
        margin-top: 10px;
        padding: 12px;
        border-radius: 10px;
        background: color-mix(in srgb, var(--low) 12%, transparent);
      }
      .fault .icon {
        color: var(--low);
      }
      .fault p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<h2>${text("devices.title")}</h2>
      <ul class="card">
        ${this.devices.map((device) => html`<li>${this.#device(device)}</li>`)}
      </ul>`;
  }

  #device({ name, model, enabled, state, since, fault }: LiveDevice): TemplateResult {
    const word = text(enabled ? `state.${state}` : "state.disabled");
    return html`<div class="line">
        <span><span class="name">${name}</span> ${model ? html`<span class="quiet">· ${model}</span>` : ""}</span>
        <span class="quiet number">${word} ${text("since", { time: formatTime(since, this.now) })}</span>
      </div>
      ${
        fault
          ? html`<div class="fault">
              ${icon("alert")}
              <div>
                <p>${fault.message}</p>
                <p class="quiet">${fault.nextStep}</p>
              </div>
            </div>`
          : ""
      }`;
  }
}

customElements.define("device-list", DeviceList);
