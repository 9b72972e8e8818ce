import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatTime } from "../texts/format.ts";
import { text } from "../texts/text.ts";

const stateIcons: Readonly<Record<LiveDevice["state"], IconName>> = {
  discovered: "search",
  configured: "link",
  connecting: "link",
  connected: "check",
  asleep: "moon",
  disconnected: "unlinked",
  error: "alert",
};

/** One device: what it is, how it is, and what to do about it. */
export class DeviceCard extends LitElement {
  static override properties = {
    garage: { attribute: false },
    device: { attribute: false },
    vehicle: { attribute: false },
    now: { attribute: false },
  };
  declare garage: LiveGarage;
  declare device: LiveDevice;
  declare vehicle: LiveVehicle | undefined;
  declare now: number;

  static override styles = [
    shared,
    css`
      .card {
        display: grid;
        gap: 12px;
        padding: 16px 20px;
      }
      header {
        display: flex;
        align-items: flex-start;
        gap: 12px;
      }
      .names {
        flex: 1;
        min-width: 0;
      }
      h3 {
        margin: 0;
        font-size: 1rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .state {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--quiet);
      }
      .connected .icon {
        color: var(--in);
      }
      .asleep .icon {
        color: var(--asleep);
      }
      .disconnected .icon,
      .error .icon,
      .fault .icon {
        color: var(--low);
      }
      .fault {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 10px;
        padding: 12px;
        border-radius: 10px;
        background: color-mix(in srgb, var(--low) 12%, transparent);
      }
      .fault p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    const { name, kind, model, enabled, state, since, fault } = this.device;
    const word = text(enabled ? `state.${state}` : "state.disabled");
    const newest = Math.max(...this.garage.readings(this.device.id).map(({ time }) => time ?? 0));
    return html`<article class="card">
      <header>
        <div class="names">
          <h3>${name}</h3>
          <p class="quiet small">${model ?? kind}</p>
        </div>
      </header>
      <p class="state small ${enabled ? state : ""}">
        ${icon(stateIcons[state])}
        <span class="number">${word} ${text("since", { time: formatTime(since, this.now) })}</span>
      </p>
      ${newest > 0 ? html`<p class="quiet small number">${text("devices.newest", { age: formatAge(newest, this.now) })}</p>` : ""}
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
      }
    </article>`;
  }
}

customElements.define("device-card", DeviceCard);
