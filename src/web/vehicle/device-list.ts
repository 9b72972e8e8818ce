import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveDevice } from "#api/contract/live.ts";
import "../look/fault-note.ts";
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
      fault-note {
        margin-top: 10px;
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
      ${fault ? html`<fault-note .message=${fault.message} .next=${fault.nextStep}></fault-note>` : ""}`;
  }
}

customElements.define("device-list", DeviceList);
