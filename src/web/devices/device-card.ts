import { css, html, LitElement, type TemplateResult } from "lit";
import type { LiveDevice, LiveVehicle } from "#api/contract/live.ts";
import { actOn, type DeviceKind, removeDevice } from "../api/devices.ts";
import { TaskController } from "../api/task-controller.ts";
import type { LiveGarage } from "../live/live-garage.ts";
import { controls } from "../look/controls.ts";
import "../look/fault-note.ts";
import { type IconName, icon } from "../look/icons.ts";
import { shared } from "../look/shared-styles.ts";
import { formatAge, formatTime, formatWithUnit } from "../texts/format.ts";
import { type TextKey, text } from "../texts/text.ts";
import "./device-doctor.ts";
import "./device-editor.ts";

const MOST_READINGS = 4;

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
    kinds: { attribute: false },
    now: { attribute: false },
    open: { state: true },
    removing: { state: true },
  };
  declare garage: LiveGarage;
  declare device: LiveDevice;
  declare vehicle: LiveVehicle | undefined;
  declare kinds: readonly DeviceKind[];
  declare now: number;
  /** What is unfolded. */
  declare open: "settings" | "doctor" | undefined;
  /** The owner has been asked whether it shall really go. */
  declare removing: boolean;
  readonly #task = new TaskController(this);

  static override styles = [
    shared,
    controls,
    css`
      .card {
        display: grid;
        gap: 12px;
        padding: 16px 20px;
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
      .error .icon {
        color: var(--low);
      }
      .readings {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
      }
      .readings b {
        font-weight: 600;
      }
      .actions {
        margin: 0 -8px -6px;
      }
      .actions button {
        padding: 0 12px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { name, kind, model, enabled, state, since, fault } = this.device;
    const word = text(enabled ? `state.${state}` : "state.disabled");
    const title = this.kinds.find(({ id }) => id === kind)?.attributes.title ?? kind;
    return html`<article class="card" aria-label=${name}>
      <div>
        <h3>${name}</h3>
        <p class="quiet small">${model ? `${model} · ${title}` : title}</p>
      </div>
      <p class="state small ${enabled ? state : ""}">
        ${icon(enabled ? stateIcons[state] : "moon")}
        <span class="number">${word} ${text("since", { time: formatTime(since, this.now) })}</span>
      </p>
      ${this.#readings()}
      ${fault && this.open !== "doctor" ? html`<fault-note .message=${fault.message} .next=${fault.nextStep}></fault-note>` : ""}
      ${this.#unfolded()}
    </article>`;
  }

  /** What it tells just now, so that one knows which it is. */
  #readings(): TemplateResult | string {
    const told = this.garage
      .readings(this.device.id)
      .filter(({ value, signal }) => value !== undefined && signal.enabled)
      .slice(0, MOST_READINGS);
    if (told.length === 0) return "";
    return html`<p class="readings small number">
      ${told.map(
        (reading) => html`<span>
          <span class="quiet">${reading.signal.name}</span> <b>${formatWithUnit(reading)}</b>
          <span class="quiet">${formatAge(reading.time, this.now)}</span>
        </span>`,
      )}
    </p>`;
  }

  #actions(): TemplateResult {
    const { id, enabled } = this.device;
    const { busy, fault } = this.#task;
    const unfold = (part: "settings" | "doctor", label: TextKey) => {
      const open = () => {
        this.open = part;
      };
      return html`<button class="plain" @click=${open}>${text(label)}</button>`;
    };
    const act = (action: Parameters<typeof actOn>[1]) => () => this.#task.run(() => actOn(id, action));
    return html`${fault ? html`<fault-note .message=${fault.words ?? fault.message}></fault-note>` : ""}
      <div class="actions">
        ${unfold("settings", "device.change")} ${unfold("doctor", "doctor.check")}
        ${
          enabled
            ? html`<button class="plain" ?disabled=${busy} @click=${act("reconnect")}>${text("device.reconnect")}</button>
                <button class="plain" ?disabled=${busy} @click=${act("disable")}>${text("device.disable")}</button>`
            : html`<button class="plain" ?disabled=${busy} @click=${act("enable")}>${text("device.enable")}</button>`
        }
        <button class="danger" ?disabled=${busy} @click=${this.#remove}>
          ${text(this.removing ? "device.removeReally" : "device.remove")}
        </button>
      </div>`;
  }

  #unfolded(): TemplateResult {
    switch (this.open) {
      case "settings":
        return html`<device-editor
          .device=${this.device}
          .vehicle=${this.vehicle}
          .vehicles=${this.garage.vehicles ?? []}
          .kinds=${this.kinds}
          @done=${this.#fold}
        ></device-editor>`;
      case "doctor":
        return html`<device-doctor .device=${this.device.id} @done=${this.#fold}></device-doctor>`;
      case undefined:
        return this.#actions();
    }
  }

  readonly #fold = (): void => {
    this.open = undefined;
  };

  /** Asks once. */
  readonly #remove = (): void => {
    if (this.removing) void this.#task.run(() => removeDevice(this.device.id));
    this.removing = !this.removing;
  };
}

customElements.define("device-card", DeviceCard);
